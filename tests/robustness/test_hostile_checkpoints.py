"""Six files made to run code, or to pass for another kind: each is refused and nothing is run."""

import builtins
import io
import os
import pickle
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from talkingface.engine.checkpoints import load_checkpoint
from talkingface.errors import CheckpointError
from talkingface.storage.published import convert_trusted, read_published
from talkingface.storage.weights import read_header, read_tensors, read_weights

WEIGHT = torch.zeros(2)


class Gadget:
    """Unpickled by an ordinary reader, it makes a file: the side effect that we look for."""

    def __init__(self, trace: Path, call: Callable[..., object] = os.mkdir) -> None:
        self.trace, self.call = trace, call

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        argument = str(self.trace)
        return self.call, (f"open({argument!r}, 'w')" if self.call is builtins.eval else argument,)


def gadget_in_weights(path: Path, gadget: Gadget) -> None:
    torch.save({"conv.weight": WEIGHT, "conv.bias": gadget}, path)


def gadget_in_optimizer(path: Path, gadget: Gadget) -> None:
    state = {"networks": {"a": WEIGHT}, "optimizers": {"state": {0: {"step": gadget}}}}
    torch.save({"format_version": 1, "state": state}, path)


def gadget_in_config(path: Path, gadget: Gadget) -> None:
    state = {"networks": {"a": WEIGHT}, "config": {"train": [1, gadget]}}
    torch.save({"format_version": 1, "state": state}, path)


def nested_zip(path: Path, gadget: Gadget) -> None:
    inner = io.BytesIO()
    torch.save({"conv.weight": WEIGHT, "conv.bias": gadget}, inner)
    with zipfile.ZipFile(path, "w") as outer:
        outer.writestr("archive/data.pkl", inner.getvalue())
        outer.writestr("archive/version", "3")


def legacy_tar(path: Path, gadget: Gadget) -> None:
    with tarfile.open(path, "w") as tar:
        for name, content in {
            "sys_info": pickle.dumps({"protocol_version": 1000, "little_endian": True}, 2),
            "storages": pickle.dumps(0, 2) + pickle.dumps(gadget, 2),
            "tensors": pickle.dumps(0, 2),
            "pickle": pickle.dumps(gadget, 2),
        }.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))


def renamed_pickle(path: Path, gadget: Gadget) -> None:
    torch.save({"conv.weight": gadget}, path)


HOSTILE = {
    "weights.pth": gadget_in_weights,
    "optimizer.pt": gadget_in_optimizer,
    "config.pt": gadget_in_config,
    "nested.pth": nested_zip,
    "legacy.pth": legacy_tar,
    "renamed.safetensors": renamed_pickle,
}

READABLE = (gadget_in_weights, gadget_in_optimizer, gadget_in_config)  # zip files with tensors


@pytest.mark.parametrize("call", [os.mkdir, builtins.eval], ids=["system call", "eval"])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_without_a_side_effect(
    tmp_path: Path, name: str, call: Callable[..., object]
) -> None:
    path, trace = tmp_path / name, tmp_path / "trace"
    HOSTILE[name](path, Gadget(trace, call))
    readers: list[Callable[[Path], object]] = [
        read_published,
        load_checkpoint,
        read_header,
        read_tensors,
        lambda file: read_weights(file, model="PC_AVS"),
    ]
    for reader in readers:
        with pytest.raises(CheckpointError) as caught:
            reader(path)
        message = str(caught.value)
        assert str(path) in message
        assert "--i-trust-this-file" in message or "give it back its name (.pth)" in message
        assert not trace.exists()


@pytest.mark.parametrize("call", [os.mkdir, builtins.eval], ids=["system call", "eval"])
@pytest.mark.parametrize("name", HOSTILE)
def test_even_a_trusted_file_runs_nothing(
    tmp_path: Path, name: str, call: Callable[..., object]
) -> None:
    path, trace, out = tmp_path / name, tmp_path / "trace", tmp_path / "out.safetensors"
    HOSTILE[name](path, Gadget(trace, call))
    if call is builtins.eval and HOSTILE[name] in READABLE:
        conversion = convert_trusted(path, out)
        assert conversion.stand_ins == ("builtins.eval",)
        assert all(isinstance(value, torch.Tensor) for value in read_tensors(out).values())
    else:
        with pytest.raises(CheckpointError, match=name):
            convert_trusted(path, out)
        assert not out.exists()
    assert not trace.exists()


def test_the_gadgets_would_work_on_a_careless_reader(tmp_path: Path) -> None:
    """Or the tests above would prove nothing."""
    for index, call in enumerate([os.mkdir, builtins.eval]):
        trace = tmp_path / f"trace{index}"
        pickle.loads(pickle.dumps({"weight": Gadget(trace, call)}))
        assert trace.exists()


def test_the_message_names_what_the_file_asks_for(tmp_path: Path) -> None:
    gadget_in_weights(tmp_path / "a.pth", Gadget(tmp_path / "trace"))
    with pytest.raises(CheckpointError, match=r"asks for 'posix\.mkdir', which could run code"):
        read_published(tmp_path / "a.pth")
