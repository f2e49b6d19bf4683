"""A file of weights says what it is, and is believed only where everything agrees."""

import json
import struct
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from talkingface.errors import CheckpointError
from talkingface.storage.weights import (
    Weights,
    WeightsHeader,
    read_header,
    read_tensors,
    read_weights,
    write_weights,
)

HEADER = WeightsHeader(
    model="PC_AVS",
    kind="demo",
    licence="Apache-2.0",
    architecture={"image_size": 112, "channels": [64, 32], "name": "small"},
)
OURS = {
    "model": "PC_AVS",
    "kind": "demo",
    "licence": "Apache-2.0",
    "architecture": "{}",
    "format_version": "1",
}


@pytest.fixture
def weights_file(tmp_path: Path) -> Path:
    square = torch.arange(9.0).reshape(3, 3)
    tensors = {"turned": square.T, "half": square.half(), "again": square, "once": square}
    write_weights(tmp_path / "demo.safetensors", Weights(HEADER, tensors))
    return tmp_path / "demo.safetensors"


def test_weights_come_back_with_their_header(weights_file: Path) -> None:
    weights = read_weights(weights_file, model="pc-avs", architecture={"image_size": 112})
    square = torch.arange(9.0).reshape(3, 3)
    assert weights.header == read_header(weights_file) == HEADER
    assert torch.equal(weights.tensors["turned"], square.T)
    assert weights.tensors["half"].dtype == torch.float16
    assert set(weights.tensors) == {"turned", "half", "again", "once"}


def test_the_file_is_laid_out_as_the_format_says(weights_file: Path) -> None:
    content = weights_file.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    assert header["__metadata__"]["model"] == "PC_AVS"
    assert json.loads(header["__metadata__"]["architecture"]) == HEADER.architecture
    begin, end = header["turned"]["data_offsets"]
    numbers = struct.unpack("<9f", content[8 + length + begin : 8 + length + end])
    assert numbers == (0, 3, 6, 1, 4, 7, 2, 5, 8)


def test_the_header_is_read_without_torch(weights_file: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from talkingface.storage.weights import read_header;"
        f"print(read_header(Path({str(weights_file)!r})).kind, 'torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["demo", "False"]


def test_weights_of_another_model_are_refused(weights_file: Path) -> None:
    with pytest.raises(CheckpointError) as caught:
        read_weights(weights_file, model="PD_FGC")
    assert str(caught.value) == (
        f"{weights_file} holds weights of 'PC_AVS'; this run is 'PD_FGC'. "
        "Give weights of 'PD_FGC', or choose --model=PC_AVS."
    )


def test_weights_of_another_size_are_refused(weights_file: Path) -> None:
    with pytest.raises(CheckpointError) as caught:
        read_weights(weights_file, model="PC_AVS", architecture={"image_size": 224})
    assert str(caught.value) == (
        f"{weights_file} was made with image_size 112; this run asks for 224. "
        "Leave image_size to the file, or give weights of that size."
    )


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    save_file({"a": torch.zeros(1)}, path, metadata=OURS | {"format_version": "2"})
    with pytest.raises(CheckpointError) as caught:
        read_weights(path, model="PC_AVS")
    assert str(caught.value) == (
        f"{path} has format 2; this version of the toolkit reads up to 1. Install a newer one."
    )


@pytest.mark.parametrize("left_out", sorted(OURS))
def test_a_header_without_one_of_its_fields_is_not_ours(tmp_path: Path, left_out: str) -> None:
    path = tmp_path / "a.safetensors"
    rest = {name: value for name, value in OURS.items() if name != left_out}
    save_file({"a": torch.zeros(1)}, path, metadata=rest)
    with pytest.raises(CheckpointError, match=f"not written by this toolkit.*{left_out}"):
        read_header(path)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "official"},
        {"architecture": "[1]"},
        {"architecture": "{"},
        {"format_version": "new"},
    ],
)
def test_a_header_with_a_wrong_field_is_not_ours(tmp_path: Path, wrong: dict[str, str]) -> None:
    path = tmp_path / "a.safetensors"
    save_file({"a": torch.zeros(1)}, path, metadata=OURS | wrong)
    with pytest.raises(CheckpointError, match="not written by this toolkit"):
        read_header(path)


def test_tensors_of_a_stranger_need_no_header(tmp_path: Path) -> None:
    save_file({"a": torch.ones(2)}, tmp_path / "a.safetensors")
    assert torch.equal(read_tensors(tmp_path / "a.safetensors")["a"], torch.ones(2))


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99])
def test_a_truncated_file_is_a_sentence(weights_file: Path, share: float) -> None:
    whole = weights_file.read_bytes()
    weights_file.write_bytes(whole[: int(share * len(whole))])
    for read in (read_header, read_tensors):
        with pytest.raises(CheckpointError, match="is damaged, or not a safetensors file"):
            read(weights_file)


def test_an_absent_file_is_a_sentence(tmp_path: Path) -> None:
    for read in (read_header, read_tensors):
        with pytest.raises(CheckpointError, match="There is no file"):
            read(tmp_path / "absent.safetensors")


def test_equal_weights_are_equal_files(tmp_path: Path) -> None:
    tensors = {"b": torch.arange(6.0).reshape(2, 3), "a": torch.ones(1, dtype=torch.int64)}
    header = WeightsHeader("Ünicode", "trained", "Apache-2.0", {"sizes": [1, 2], "name": "x"})
    contents = set()
    for number in range(8):  # the library's order is another one nearly every time
        path = tmp_path / f"{number}.safetensors"
        write_weights(path, Weights(header, tensors))
        contents.add(path.read_bytes())
    assert len(contents) == 1
    assert read_header(path) == header
    for name, tensor in read_tensors(path).items():
        assert torch.equal(tensor, tensors[name])


def test_large_tensors_come_back_each_by_itself(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("talkingface.storage.weights.LARGE", 16)
    tensors = {"large": torch.arange(9.0), "larger": torch.arange(20.0), "small": torch.ones(2)}
    save_file(tensors, tmp_path / "a.safetensors")
    held = read_tensors(tmp_path / "a.safetensors")
    assert {name: one.tolist() for name, one in held.items()} == {
        name: one.tolist() for name, one in tensors.items()
    }
    held["large"] += 1  # what is read is the reader's own
    assert torch.equal(read_tensors(tmp_path / "a.safetensors")["large"], tensors["large"])
