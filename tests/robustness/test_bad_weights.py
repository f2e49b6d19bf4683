"""What passes for the weights of PC-AVS's authors: refused with a sentence, and nothing kept."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from talkingface.cli import main
from talkingface.models.pc_avs.model import PCAVS
from tests.published_files import NARROW, narrow_files, write_files, write_zip

Files = dict[str, dict[str, torch.Tensor]]


@pytest.fixture(scope="module")
def files() -> Files:
    return narrow_files()


@pytest.fixture
def folder(tmp_path: Path, files: Files, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the authors' files, at small sizes."""
    monkeypatch.setattr(PCAVS, "published", NARROW)
    write_files(tmp_path / "demo", files)
    return tmp_path / "demo"


class Gadget:
    """Unpickled by an ordinary reader, it makes a folder."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return os.mkdir, (str(self.trace),)


def missing(folder: Path) -> None:
    (folder / "latest_net_E.pth").unlink()


def hostile(folder: Path) -> None:
    file = folder / "latest_net_E.pth"
    torch.save(torch.load(file) | {"more": Gadget(folder.parent / "trace")}, file)


def truncated(folder: Path) -> None:
    file = folder / "latest_net_E.pth"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def truncated_old_format(folder: Path) -> None:
    file = folder / "latest_net_G.pth"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def empty(folder: Path) -> None:
    (folder / "latest_net_E.pth").write_bytes(b"")


def of_another_network(folder: Path) -> None:
    (folder / "latest_net_E.pth").write_bytes((folder / "latest_net_V.pth").read_bytes())


def of_another_size(folder: Path) -> None:
    file = folder / "latest_net_E.pth"
    torch.save(torch.load(file) | {"mouth_embed.1.weight": torch.zeros(500, 512)}, file)


def cut_by_a_tensor(folder: Path) -> None:
    file = folder / "latest_net_E.pth"
    tensors = torch.load(file)
    del tensors["headpose_embed.1.bias"]
    torch.save(tensors, file)


BAD = [
    (missing, "The published weights are incomplete: latest_net_E.pth missing. Put all 4 files"),
    (hostile, "latest_net_E.pth is refused: besides tensors it asks for 'posix.mkdir'"),
    (truncated, "latest_net_E.pth is damaged, or not made by PyTorch. Get it again"),
    (truncated_old_format, "latest_net_G.pth is damaged, or not made by PyTorch. Get it again"),
    (empty, "latest_net_E.pth is damaged, or not made by PyTorch. Get it again"),
    (of_another_network, "latest_net_E.pth does not fit NonIdentityEncoder: of its tensors"),
    (of_another_size, "(mouth_embed.1.weight (500, 512) instead of (20, 16))"),
    (cut_by_a_tensor, "of its tensors 1 missing (headpose_embed.1.bias). Give weights made for"),
]


@pytest.mark.parametrize(("spoil", "sentence"), BAD, ids=lambda one: getattr(one, "__name__", ""))
def test_a_bad_file_is_refused_and_nothing_is_written(
    checkpoints: Path,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    spoil: Callable[[Path], None],
    sentence: str,
) -> None:
    spoil(folder)
    out = folder.parent / "out.safetensors"
    assert main(["convert", str(folder), str(out), "--model=PC_AVS"]) == 2
    *_, error = capsys.readouterr().err.splitlines()
    assert error.startswith("CheckpointError: ")
    assert sentence in error
    assert not out.exists()
    assert not (folder.parent / "trace").exists()
    archive = folder.parent / "demo.zip"
    write_zip(archive, folder)
    assert main(["download", "PC_AVS", f"--from={archive}"]) == 2
    *_, error = capsys.readouterr().err.splitlines()
    assert error.startswith(("CheckpointError: ", "DownloadError: "))
    assert [path.name for path in checkpoints.rglob("*") if path.is_file()] == ["weights.yaml"]
    assert not (folder.parent / "trace").exists()


def test_another_methods_weights_are_refused_by_their_name(
    checkpoints: Path, tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = tmp_path / "one.safetensors"
    assert main(["convert", str(folder), str(one), "--model=PC_AVS"]) == 0
    words = ["generate", "--model=Loud_Mouth", f"--evaluate_model_file={one}"]
    files = ["--source=a.png", "--audio=a.wav", f"--runs_folder={tmp_path / 'runs'}"]
    assert main([*words, *files]) == 2
    assert "holds weights of 'PC_AVS'; this run is 'Loud_Mouth'" in capsys.readouterr().err
    one.write_bytes(one.read_bytes()[:-8])
    assert main(["generate", "--model=PC_AVS", f"--evaluate_model_file={one}", *files]) == 2
    assert "one.safetensors is damaged" in capsys.readouterr().err
