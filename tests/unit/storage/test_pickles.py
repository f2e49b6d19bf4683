"""What is written can be read again; what could run code is neither written nor read."""

import random
import re
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest
import torch

from talkingface.errors import CheckpointError
from talkingface.storage.pickles import read_pickle, write_pickle


def test_tensors_and_plain_values_come_back_as_they_were(tmp_path: Path) -> None:
    content: dict[str, object] = {
        "weight": torch.arange(6.0).reshape(2, 3),
        "random": {
            "python": random.getstate(),
            "numpy": np.random.default_rng(3).bit_generator.state,
            "torch": torch.get_rng_state(),
        },
        "config": OrderedDict(steps=4, rate=1e-4, names=["a", None], size=torch.Size([2, 3])),
        "flags": {True, False},
    }
    write_pickle(tmp_path / "state.pt", content)
    back = read_pickle(tmp_path / "state.pt")

    assert isinstance(back, dict)
    assert torch.equal(back.pop("weight"), content.pop("weight"))
    tensors = (back["random"].pop("torch"), content["random"].pop("torch"))  # type: ignore
    assert torch.equal(*tensors)
    assert back == content


@pytest.mark.parametrize(
    ("value", "named"),
    [
        (np.float64(0.5), "numpy.float64"),
        (np.random.default_rng(0).random(2), "numpy.ndarray"),
        (Path("runs"), "pathlib"),
        (random.Random(1), "random.Random"),
    ],
)
def test_what_could_not_be_read_again_is_not_written(
    tmp_path: Path, value: object, named: str
) -> None:
    target = tmp_path / "state.pt"
    with pytest.raises(CheckpointError, match=rf"optimizer\.state\[1\]\.best is a .*{named}"):
        write_pickle(target, {"optimizer": {"state": [1, {"best": value}]}})
    assert list(tmp_path.iterdir()) == []

    torch.save({"best": value}, target)  # the reason: the safe reader refuses such a file
    with pytest.raises(CheckpointError):
        read_pickle(target)


def test_a_key_that_could_not_be_read_again_is_named(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"the key .* of scores is a numpy\.int64"):
        write_pickle(tmp_path / "state.pt", {"scores": {np.int64(3): 1.0}})


@pytest.mark.parametrize("version", ["2.9.1", "2.6.0+cu124", "1.13.1"])
def test_a_torch_that_cannot_read_safely_reads_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    write_pickle(tmp_path / "state.pt", {"a": 1})
    monkeypatch.setattr(torch, "__version__", version)
    with pytest.raises(
        CheckpointError, match=rf"PyTorch {re.escape(version)}.*Install torch>=2\.10"
    ):
        read_pickle(tmp_path / "state.pt")


@pytest.mark.parametrize("version", ["2.10.0", "2.13.0+cpu", "3.0.0a0"])
def test_a_newer_torch_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    write_pickle(tmp_path / "state.pt", {"a": 1})
    monkeypatch.setattr(torch, "__version__", version)
    assert read_pickle(tmp_path / "state.pt") == {"a": 1}


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.9, 0.99])
def test_a_truncated_file_is_a_sentence(tmp_path: Path, share: float) -> None:
    target = tmp_path / "state.pt"
    write_pickle(target, {"weight": torch.zeros(1000)})
    whole = target.read_bytes()
    target.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(CheckpointError, match=r"state\.pt is (damaged|refused)"):
        read_pickle(target)


def test_an_absent_file_and_a_folder_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="There is no file"):
        read_pickle(tmp_path / "absent.pt")
    with pytest.raises(CheckpointError, match="cannot be read"):
        read_pickle(tmp_path)
