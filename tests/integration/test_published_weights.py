"""The weights of PC-AVS's authors, from their archive to a video, at sizes of a moment."""

import re
from pathlib import Path

import numpy as np
import pytest
import torch

from talkingface.cli import main
from talkingface.config.settings import Settings
from talkingface.engine.build import load_model
from talkingface.media import open_frames, write_picture
from talkingface.models.pc_avs.config import PCAVSSettings
from talkingface.models.pc_avs.model import PCAVS
from talkingface.plugins import discover
from talkingface.storage.weights import read_header, read_tensors
from tests.filming import record
from tests.published_files import NARROW, narrow_files, write_files, write_zip

SPEC = discover().models.get("PC_AVS")
# Where the authors have some tensors, and where we have them.
PLACES = {
    ("latest_net_G.pth", "convs.8.conv.weight"): "generator.convs.8.conv.weight",
    ("latest_net_G.pth", "noises.noise_10"): "generator.noises.noise_10",
    ("latest_net_V.pth", "model.layer4.2.bn3.running_var"): (
        "identity_encoder.model.layer4.2.bn3.running_var"
    ),
    ("latest_net_E.pth", "model.m0.b2_plus_1.conv3.weight"): (
        "non_identity_encoder.model.hourglass.inner.inner.inner.inner.conv3.weight"
    ),
    ("latest_net_A_sync.pth", "model.fc.bias"): "speech_encoder.model.fc.bias",
}


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the published sizes be small ones."""
    monkeypatch.setattr(PCAVS, "published", NARROW)


@pytest.fixture(scope="module")
def files() -> dict[str, dict[str, torch.Tensor]]:
    return narrow_files()


@pytest.fixture
def unpacked(tmp_path: Path, files: dict[str, dict[str, torch.Tensor]]) -> Path:
    """Return a folder as the authors' archive unpacks."""
    folder = tmp_path / "theirs" / "demo"
    write_files(folder, files)
    return folder


@pytest.fixture
def archive(tmp_path: Path, unpacked: Path) -> Path:
    write_zip(tmp_path / "demo.zip", unpacked)
    return tmp_path / "demo.zip"


def said(capsys: pytest.CaptureFixture[str], *argv: object) -> str:
    """Return what a call prints, which must succeed."""
    code = main([str(word) for word in argv])
    captured = capsys.readouterr()
    assert code == 0, captured.err
    return captured.out


def tensors_of(given: object) -> dict[str, torch.Tensor]:
    settings = Settings(model=PCAVSSettings("PC_AVS"), evaluate_model_file=str(given), device="cpu")
    return load_model(SPEC, settings).model.state_dict()


def equal(first: dict[str, torch.Tensor], second: dict[str, torch.Tensor]) -> bool:
    return first.keys() == second.keys() and all(
        torch.equal(first[name], second[name]) for name in first
    )


def test_the_authors_archive_becomes_one_file_of_what_drawing_needs(
    checkpoints: Path, archive: Path, files, capsys: pytest.CaptureFixture[str]
) -> None:
    out = said(capsys, "download", "PC_AVS", "--from", archive)
    one = checkpoints / "PC_AVS" / "published.safetensors"
    assert str(one) in out
    assert "No checksum of demo.zip is published" in out
    assert {path.name for path in one.parent.iterdir()} == {one.name, "pc_avs.receipt.json"}

    header, held = read_header(one), read_tensors(one)
    assert (header.model, header.kind) == ("PC_AVS", "published")
    assert header.licence == "CC-BY-4.0 (the README of its authors)"
    assert header.architecture["image_px"] == 64
    for (file, published), own in PLACES.items():
        assert torch.equal(held[f"network.{own}"], files[file][published])
    parts = {name.split(".")[2] for name in held}
    assert not parts & {"style", "input", "fc", "classifier", "mouth_fc", "headpose_fc"}


def test_every_way_to_name_the_weights_gives_the_same_network(
    checkpoints: Path, archive: Path, unpacked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = tensors_of(unpacked)
    assert equal(first, tensors_of(unpacked.parent))
    assert equal(first, tensors_of(unpacked / "latest_net_A_sync.pth"))
    said(capsys, "download", "pc-avs", "--from", archive)
    assert equal(first, tensors_of("published"))
    converted = unpacked.parent / "pc_avs.safetensors"
    assert "all that PC_AVS needs of" in said(
        capsys, "convert", unpacked, converted, "--model=pc_avs"
    )
    assert equal(first, tensors_of(converted))
    downloaded = checkpoints / "PC_AVS" / "published.safetensors"
    assert converted.read_bytes() == downloaded.read_bytes()


def test_what_a_hand_unpacked_where_the_authors_say_is_found(
    checkpoints: Path, unpacked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unpacked.rename(checkpoints / "demo")
    assert equal(tensors_of("published"), tensors_of(checkpoints / "demo"))
    assert "pc_avs is here. The files of pc_avs were put there by hand" in said(capsys, "doctor")


def listed(capsys: pytest.CaptureFixture[str], name: str) -> str:
    """Return the lines of a method in `list`."""
    (lines,) = re.findall(rf"^  {name} .*(?:\n {{4,}}.*)*", said(capsys, "list", "models"), re.M)
    return lines


def test_list_and_doctor_say_whether_published_weights_are_here(
    checkpoints: Path, archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "weights: no demo; published not here (download pc_avs)" in listed(capsys, "PC_AVS")
    assert "Published weights that are not here: pc_avs, " in said(capsys, "doctor")
    said(capsys, "download", "pc_avs", "--from", archive)
    assert listed(capsys, "PC_AVS").endswith("weights: no demo; published here")
    assert "pc_avs is here." in said(capsys, "doctor")
    assert "pc_avs: here, checksum not published" in said(capsys, "download")


def test_a_video_is_made_with_published_weights_and_says_so(
    checkpoints: Path,
    unpacked: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    face, out = tmp_path / "face.png", tmp_path / "talk.mp4"
    write_picture(face, np.full((64, 64, 3), 120, np.uint8))
    record(tmp_path / "talk.wav", np.zeros(4000, np.float32), "pcm_s16le")
    words = ["generate", "--model=PC_AVS", f"--evaluate_model_file={unpacked}", "--device=cpu"]
    files = [f"--source={face}", f"--audio={tmp_path / 'talk.wav'}", f"--out={out}"]
    assert main([*words, *files, f"--runs_folder={tmp_path / 'runs'}"]) == 0
    assert f"PC_AVS with published weights: {unpacked}" in capsys.readouterr().err
    assert open_frames(out).read(0, 1).shape[1:] == (64, 64, 3)
