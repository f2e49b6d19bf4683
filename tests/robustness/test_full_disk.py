"""A disk that is full, gone or read-only: what was there stays, and the user reads a sentence.

The tests may run as root, whom permissions do not stop. So the kernel itself refuses here: a limit
on the size of files, a path below a file, a folder that is removed, a mount without room.
"""

import errno
import os
import resource
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch

from talkingface.engine.checkpoints import Checkpoints, load_checkpoint
from talkingface.errors import StorageError
from talkingface.storage.atomic import atomic_file, make_folder, write_bytes
from talkingface.storage.weights import Weights, WeightsHeader, read_weights, write_weights

LARGE = torch.zeros(100_000)  # 400 kB
HEADER = WeightsHeader("PC_AVS", "trained", "unknown", {})


@contextmanager
def files_at_most(num_bytes: int) -> Iterator[None]:
    """Let the kernel refuse to write beyond `num_bytes` of any file."""
    old_limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    old_handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (num_bytes, old_limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old_limits)
        signal.signal(signal.SIGXFSZ, old_handler)


def test_a_checkpoint_that_does_not_fit_leaves_the_one_before(tmp_path: Path) -> None:
    checkpoints = Checkpoints(tmp_path)
    first = checkpoints.save({"step": 1}, 1)
    with files_at_most(100_000), pytest.raises(StorageError) as caught:
        checkpoints.save({"step": 2, "weight": LARGE}, 2)
    assert caught.value.exit_code == 1
    assert str(caught.value) == (
        f"{tmp_path}/step-00000002.pt could not be written: it is larger than this system allows "
        "a file to be. Choose another disk. What stood there is unchanged."
    )
    assert checkpoints.last == first
    assert load_checkpoint(first) == {"step": 1}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["last.json", first.name]


def test_weights_that_do_not_fit_leave_the_ones_before(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    write_weights(path, Weights(HEADER, {"a": torch.ones(1)}))
    with files_at_most(100_000), pytest.raises(StorageError, match="could not be written"):
        write_weights(path, Weights(HEADER, {"a": LARGE}))
    assert read_weights(path, model="PC_AVS").tensors["a"] == 1
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_vanishes_is_a_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    checkpoints = Checkpoints(folder)
    shutil.rmtree(folder)
    with pytest.raises(StorageError, match="its folder does not exist, or not any more"):
        checkpoints.save({}, 1)

    folder.mkdir()

    def lose_the_folder() -> None:
        with atomic_file(folder / "a.bin") as file:
            file.write(b"x")
            shutil.rmtree(folder)

    with pytest.raises(StorageError, match="its folder does not exist, or not any more"):
        lose_the_folder()


def test_a_path_below_a_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match="a part of its path is a file"):
        write_bytes(tmp_path / "file" / "a.bin", b"x")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(StorageError, match=r"is a file|a file has that name"):
            make_folder(folder)


def test_the_name_of_a_folder_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.bin").mkdir()
    with pytest.raises(StorageError, match="a folder has that name"):
        write_bytes(tmp_path / "a.bin", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["a.bin"]


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "the disk is full. Free some space"),
        (errno.EDQUOT, "your quota on this disk is used up"),
        (errno.EROFS, "the disk is read-only. Choose another folder"),
        (errno.EACCES, "this user may not write there"),
        (errno.EIO, "Input/output error. Look at the disk"),
    ],
)
@pytest.mark.parametrize("moment", ["write", "fsync"])
def test_each_refusal_of_the_system_has_its_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, sentence: str, moment: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    target = tmp_path / "a.bin"
    target.write_bytes(b"old")
    write: Callable[[], None] = lambda: write_bytes(target, b"new")  # noqa: E731
    if moment == "fsync":
        monkeypatch.setattr(os, "fsync", refuse)
    else:

        def write_and_be_refused() -> None:
            with atomic_file(target) as file:
                file.write(b"ne")
                refuse()

        write = write_and_be_refused
    with pytest.raises(StorageError, match=sentence):
        write()
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]
