"""The papers' files are read as they are, and converted without running what is in them."""

import argparse
from pathlib import Path

import numpy as np
import pytest
import torch

from talkingface.errors import CheckpointError, StorageError
from talkingface.storage.published import convert_trusted, read_published
from talkingface.storage.weights import read_tensors

WEIGHT = torch.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "before PyTorch 1.6"])
def test_a_plain_state_dict_is_read(tmp_path: Path, zipped: bool) -> None:
    path = tmp_path / "latest_net_G.pth"
    torch.save({"conv.weight": WEIGHT}, path, _use_new_zipfile_serialization=zipped)
    assert torch.equal(read_published(path)["conv.weight"], WEIGHT)


def test_names_of_nested_networks_are_joined_and_other_values_left_out(tmp_path: Path) -> None:
    torch.save({"encode": {"conv.weight": WEIGHT}, "epoch": 3}, tmp_path / "best_model.pth.tar")
    assert list(read_published(tmp_path / "best_model.pth.tar")) == ["encode.conv.weight"]


@pytest.mark.parametrize("content", [{"epoch": 3}, [1, 2], WEIGHT])
def test_a_file_without_named_tensors_is_refused(tmp_path: Path, content: object) -> None:
    torch.save(content, tmp_path / "a.pth")
    with pytest.raises(CheckpointError, match="holds no tensors by name"):
        read_published(tmp_path / "a.pth")


def test_more_than_tensors_is_refused_and_can_be_converted(tmp_path: Path) -> None:
    path, out = tmp_path / "netG.pth", tmp_path / "netG.safetensors"
    options = argparse.Namespace(lr=1e-4, root=Path("/data"))
    content = {"opt": options, "best": np.float64(0.5), "netG": {"a": WEIGHT.T, "b": WEIGHT}}
    torch.save(content, path)
    with pytest.raises(CheckpointError, match=r"netG\.pth is refused.*--i-trust-this-file"):
        read_published(path)

    trusted_before = set(torch.serialization.get_safe_globals())
    conversion = convert_trusted(path, out)
    assert conversion.num_tensors == 2
    assert "argparse.Namespace" in conversion.stand_ins
    tensors = read_published(out)
    assert torch.equal(tensors["netG.a"], WEIGHT.T)
    assert torch.equal(tensors["netG.b"], WEIGHT)
    assert set(torch.serialization.get_safe_globals()) == trusted_before
    with pytest.raises(CheckpointError):
        read_published(path)


def test_conversion_replaces_nothing_unless_asked(tmp_path: Path) -> None:
    path, out = tmp_path / "a.pth", tmp_path / "a.safetensors"
    torch.save({"a": WEIGHT}, path)
    out.write_bytes(b"mine")
    with pytest.raises(StorageError, match="exists already"):
        convert_trusted(path, out)
    assert out.read_bytes() == b"mine"
    convert_trusted(path, out, overwrite=True)
    assert torch.equal(read_tensors(out)["a"], WEIGHT)


def test_what_cannot_be_converted_is_a_sentence(tmp_path: Path) -> None:
    path, out = tmp_path / "a.pth", tmp_path / "a.safetensors"
    with pytest.raises(CheckpointError, match="There is no file"):
        convert_trusted(path, out)
    path.write_bytes(b"no pickle at all")
    with pytest.raises(CheckpointError, match=r"Get it again from its source, or have its owner"):
        convert_trusted(path, out)
    # The format before PyTorch 1.6 tells nothing of itself before it is read.
    torch.save({"o": argparse.Namespace()}, path, _use_new_zipfile_serialization=False)
    with pytest.raises(CheckpointError, match=r"argparse\.Namespace"):
        convert_trusted(path, out)
    assert not out.exists()


def test_conversion_needs_a_safe_torch_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.save({"a": WEIGHT}, tmp_path / "a.pth")
    monkeypatch.setattr(torch, "__version__", "2.9.0")
    with pytest.raises(CheckpointError, match=r"Install torch>=2\.10"):
        convert_trusted(tmp_path / "a.pth", tmp_path / "a.safetensors")
