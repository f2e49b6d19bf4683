"""Writes a file whole or not at all.

The content goes to a temporary file in the same folder, is flushed to the disk, and takes its name
in one step. A reader, a crash or a full disk therefore sees the old file or the new one, never half
of either.
"""

import errno
import json
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from talkingface.errors import StorageError

STRAY_NAME = re.compile(r"\..+\.[0-9a-z_]{8}\.partial")

_REASONS = {
    errno.ENOSPC: "the disk is full. Free some space or choose another folder",
    errno.EDQUOT: "your quota on this disk is used up. Free some space or choose another folder",
    errno.EFBIG: "it is larger than this system allows a file to be. Choose another disk",
    errno.EROFS: "the disk is read-only. Choose another folder",
    errno.EACCES: "this user may not write there. Choose another folder or mend its permissions",
    errno.EPERM: "this user may not write there. Choose another folder or mend its permissions",
    errno.ENOENT: "its folder does not exist, or not any more. Make the folder and try again",
    errno.ENOTDIR: "a part of its path is a file, not a folder. Choose another path",
    errno.EISDIR: "a folder has that name. Choose another name",
}


@contextmanager
def atomic_path(path: Path, *, overwrite: bool = True) -> Iterator[Path]:
    """Yield a temporary path beside `path`, which becomes `path` when the block ends well.

    The temporary name ends in ``.partial``: a writer that guesses a format from the name must be
    told the format. After an error the temporary file is removed and what stood at `path` stays.

    Args:
        path: the final name; its folder must exist.
        overwrite: whether a file that stands there may be replaced.

    Raises:
        StorageError: the file cannot be written, or exists and may not be replaced.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    if not overwrite and os.path.lexists(path):
        raise _exists_already(path)
    try:
        # Exclusive: a name that someone else took (or a link that someone laid) is never followed.
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        yield temporary
        _flush_to_disk(temporary)
        _take_name(temporary, path, overwrite=overwrite)
        _flush_folder(path.parent)
    except OSError as error:
        if error.filename is None or Path(error.filename) in (temporary, path, path.parent):
            raise _not_written(path, error) from error
        raise  # about another file, which the block was working with
    finally:
        _remove(temporary)


@contextmanager
def atomic_file(path: Path, *, overwrite: bool = True) -> Iterator[BinaryIO]:
    """Yield a binary file whose content becomes `path` when the block ends well.

    Raises:
        StorageError: as `atomic_path`.
    """
    with (
        atomic_path(path, overwrite=overwrite) as temporary,
        temporary.open("wb") as file,
    ):
        yield file


def write_bytes(path: Path, content: bytes, *, overwrite: bool = True) -> None:
    """Write `content` to `path`, whole or not at all."""
    with atomic_file(path, overwrite=overwrite) as file:
        file.write(content)


def write_text(path: Path, content: str, *, overwrite: bool = True) -> None:
    """Write `content` to `path` as UTF-8 with its line ends as they are, whole or not at all."""
    write_bytes(path, content.encode(), overwrite=overwrite)


def write_json(path: Path, content: object, *, overwrite: bool = True) -> None:
    """Write `content` to `path` as indented JSON that every reader accepts, whole or not at all.

    JSON has no NaN and no infinity: say ``None`` where there is no number.
    """
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    write_text(path, text + "\n", overwrite=overwrite)


@contextmanager
def temporary_folder(near: Path, name: str) -> Iterator[Path]:
    """Yield an empty folder in the folder `near`, which is removed at the end with all in it."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{name}.", suffix=".partial", dir=near))
    except OSError as error:
        raise StorageError(f"A folder could not be made in {near}: {reason_of(error)}.") from error
    try:
        yield folder
    finally:
        _remove(folder)


def make_folder(folder: Path) -> None:
    """Make `folder` and what is missing above it.

    Raises:
        StorageError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise StorageError(
            f"{folder} cannot be a folder: a file has that name. Choose another name."
        ) from None
    except OSError as error:
        raise StorageError(f"{folder} could not be made: {reason_of(error)}.") from error


def remove_strays(folder: Path) -> tuple[Path, ...]:
    """Remove what a killed process left half-made in `folder`, and return the paths.

    Only for the one process that writes there, at its start: what another makes now looks alike.
    """
    strays = tuple(sorted(p for p in folder.glob(".*.partial") if STRAY_NAME.fullmatch(p.name)))
    for stray in strays:
        _remove(stray)
    return strays


def _take_name(temporary: Path, path: Path, *, overwrite: bool) -> None:
    """Give the finished file its name in one step."""
    if overwrite:
        temporary.replace(path)
        return
    try:
        os.link(temporary, path)  # unlike a rename, this refuses what appeared in the meantime
    except FileExistsError:
        raise _exists_already(path) from None
    except OSError:
        # exFAT and some network disks have no links; there the check and the step are two.
        if os.path.lexists(path):
            raise _exists_already(path) from None
        temporary.replace(path)


def _flush_to_disk(file: Path) -> None:
    """Wait until the content of `file` is on the disk."""
    # Windows flushes only what is open for writing.
    descriptor = os.open(file, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _flush_folder(folder: Path) -> None:
    """Wait until the names in `folder` are on the disk; Windows keeps no such promise."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(temporary: Path) -> None:
    """Remove a temporary file or folder; where even that fails, the next start will."""
    with suppress(OSError):
        if temporary.is_dir():
            shutil.rmtree(temporary)
        else:
            temporary.unlink()


def _exists_already(path: Path) -> StorageError:
    return StorageError(f"{path} exists already. Choose another name, or ask to replace it.")


def _not_written(path: Path, error: OSError) -> StorageError:
    return StorageError(
        f"{path} could not be written: {reason_of(error)}. What stood there is unchanged."
    )


def reason_of(error: OSError) -> str:
    """Say why the system refused to write, and what to do."""
    return _REASONS.get(error.errno or 0, f"{error.strerror or error}. Look at the disk")
