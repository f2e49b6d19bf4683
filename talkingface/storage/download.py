"""Fetches published weights, checks them, puts them in their place, and says what is there.

Nothing stands under its final name before it was checked. A file whose checksum nobody published is
taken on trust, with a remark that says so, and its checksum is recorded beside it. Of the networks
of a method only what is joined to one file is kept.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from talkingface.errors import CheckpointError, DownloadError
from talkingface.storage.archive import unpack
from talkingface.storage.atomic import atomic_path, make_folder, remove_strays, temporary_folder
from talkingface.storage.catalogue import JOINED_FILE, PublishedFile
from talkingface.storage.digest import git_blob_of, sha256_of
from talkingface.storage.receipt import Receipt, read_receipt, write_receipt
from talkingface.storage.transfer import Progress, discard, transfer

# Checks the files of a method, by their published names, and writes the one file of them.
Join = Callable[[Mapping[str, Path], Path], None]

LARGEST_BYTES = 4 << 30  # where no size was published; the largest known sets are near 0.7 GB


class Presence(Enum):
    """How a published file stands on this machine."""

    MISSING = "missing"
    WRONG = "wrong"
    UNVERIFIED = "unverified"
    RIGHT = "right"


@dataclass(frozen=True)
class Inspection:
    """What is there of a published file."""

    presence: Presence
    paths: tuple[Path, ...]  # where its files are, or would be
    remark: str = ""  # what to know or to do; empty where all is well


def fetch(
    entry: PublishedFile,
    checkpoints: Path,
    progress: Progress | None = None,
    *,
    join: Join | None = None,
    plain_http_on_loopback: bool = False,
) -> Inspection:
    """Fetch a published file into the folder `checkpoints`, unless it is there already.

    `join` is needed for the networks of a method.

    Raises:
        DownloadError: it cannot be fetched, or what came is not what was published.
        CheckpointError: the method cannot use what came.
        StorageError: it cannot be written.
    """
    before = inspect(entry, checkpoints)
    if before.presence in (Presence.RIGHT, Presence.UNVERIFIED):
        return before
    if entry.address is None:
        raise DownloadError(f"{entry.name} cannot be fetched by a program. {_by_hand(entry)}")
    folder = _place(entry, checkpoints)
    make_folder(folder)
    part = folder / f"{entry.file}.part"
    try:
        transfer(
            entry.address,
            part,
            limit_bytes=entry.size or LARGEST_BYTES,
            can_be_verified=entry.is_verifiable,
            progress=progress,
            plain_http_on_loopback=plain_http_on_loopback,
        )
    except DownloadError as error:
        raise DownloadError(f"{error} {_by_hand(entry)}") from error
    try:
        after = accept(entry, part, checkpoints, join)
    except (DownloadError, CheckpointError):
        discard(part)
        raise
    discard(part)
    return after


def accept(
    entry: PublishedFile, file: Path, checkpoints: Path, join: Join | None = None
) -> Inspection:
    """Check `file`, which is said to be `entry`, and put a copy of it in its place.

    `join` is needed for the networks of a method.

    Raises:
        DownloadError: it is not what was published.
        CheckpointError: the method cannot use it.
        StorageError: it cannot be written.
    """
    receipt = _receipt_path(entry, checkpoints)
    sha256 = _require_published(entry, file)
    _require_the_same_as_before(entry, sha256, receipt)
    folder = _place(entry, checkpoints)
    make_folder(folder)
    remove_strays(folder)
    with _needed(entry, file, folder) as files:
        if entry.model:
            assert join is not None, "a method's files are joined by the engine"
            join(files, folder / JOINED_FILE)
        else:
            for name, path in files.items():
                with atomic_path(folder / name) as copy:
                    shutil.copyfile(path, copy)
    write_receipt(receipt, sha256, entry.paths(checkpoints), verified=entry.is_verifiable)
    return inspect(entry, checkpoints)


def inspect(entry: PublishedFile, checkpoints: Path) -> Inspection:
    """Say what is there of a published file. What was checked and not touched is not read again."""
    paths = entry.paths(checkpoints)
    receipt = read_receipt(_receipt_path(entry, checkpoints))
    if entry.model and not paths[0].is_file() and _are_here(entry.paths_by_hand(checkpoints)):
        paths, receipt = entry.paths_by_hand(checkpoints), None
    if not paths[0].is_file() and (packaged := _packaged(entry)):
        return Inspection(Presence.RIGHT, (packaged,), f"It is that of {entry.package}.")
    absent = next((path for path in paths if not path.is_file()), None)
    if absent is not None:
        cure = f"`download {entry.name}` fetches it." if entry.address else _by_hand(entry)
        return Inspection(Presence.MISSING, paths, f"{absent} is missing. {cure}")
    changed = _changed(entry, paths, receipt)
    if changed is not None:
        remark = f"{changed} is not the file that was published, or was changed since it came. "
        cure = f"Remove it and `download {entry.name}` again."
        return Inspection(Presence.WRONG, paths, remark + cure)
    is_as_published = entry.is_verifiable and paths[0].name == entry.file
    if receipt.verified if receipt else is_as_published:
        return Inspection(Presence.RIGHT, paths)
    return Inspection(Presence.UNVERIFIED, paths, _unverified(entry, receipt))


def _packaged(entry: PublishedFile) -> Path | None:
    """Return the file in an installed package, where it is the one that was published."""
    path = entry.packaged()
    return None if path is None or _difference(entry, path, sha256_of(path)) else path


def _changed(entry: PublishedFile, paths: tuple[Path, ...], receipt: Receipt | None) -> Path | None:
    """Return the first file that is not what it should be, as far as that is known."""
    if receipt is None:  # put there by hand
        if paths[0].name == entry.file and _difference(entry, paths[0], sha256_of(paths[0])):
            return paths[0]
        return None
    for path in paths:
        record = receipt.files.get(path.name)
        if record is not None and not record.describes(path):
            return path
    return None


def _unverified(entry: PublishedFile, receipt: Receipt | None) -> str:
    """Say what is and what is not known of files that have no published checksum."""
    if receipt is None:
        return f"The files of {entry.name} were put there by hand and cannot be verified."
    return (
        f"No checksum of {entry.file} is published, so nobody can tell whether it is the original. "
        f"Its SHA-256, {receipt.sha256}, was recorded: a later change will be noticed."
    )


def _require_published(entry: PublishedFile, file: Path) -> str:
    """Return the SHA-256 of `file`, which agrees with everything that is known of `entry`."""
    try:
        with file.open("rb") as opened:
            beginning = opened.read(512)
        sha256 = sha256_of(file)
        difference = _difference(entry, file, sha256)
    except OSError as error:
        raise DownloadError(f"{file} cannot be read: {error.strerror}.") from error
    if _looks_like_a_page(beginning):
        raise DownloadError(f"What came is a page for people, not {entry.file}. {_by_hand(entry)}")
    if difference:
        raise DownloadError(f"{file} is not the published {entry.file}: {difference}. Refused.")
    return sha256


def _looks_like_a_page(beginning: bytes) -> bool:
    start = beginning.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html", b"<head"))


def _difference(entry: PublishedFile, file: Path, sha256: str) -> str:
    """Say in what `file` differs from what was published of `entry`, or nothing."""
    size = file.stat().st_size
    if entry.size is not None and size != entry.size:
        return f"it has {size:,} bytes instead of {entry.size:,}"
    if entry.sha256 is not None and not sha256.startswith(entry.sha256):
        return f"its SHA-256 is {sha256} instead of {entry.sha256}"
    if entry.git_blob is not None and (blob := git_blob_of(file)) != entry.git_blob:
        return f"its git blob id is {blob} instead of {entry.git_blob}"
    return ""


def _require_the_same_as_before(entry: PublishedFile, sha256: str, receipt_path: Path) -> None:
    """Refuse another file than last time where nothing but last time is known."""
    receipt = read_receipt(receipt_path)
    if receipt is not None and not entry.is_verifiable and receipt.sha256 != sha256:
        raise DownloadError(
            f"{entry.file} of {entry.name} is another file than the one that came before: its "
            f"SHA-256 is {sha256} instead of {receipt.sha256}. If its makers changed it, remove "
            f"{receipt_path} and try again."
        )


@contextmanager
def _needed(entry: PublishedFile, file: Path, folder: Path) -> Iterator[dict[str, Path]]:
    """Yield the files that are needed by name: `file`, or those in it, wherever in it they lie."""
    if not entry.holds:
        yield {entry.file: file}
        return
    with temporary_folder(folder, entry.file) as unpacked:
        by_name: dict[str, list[Path]] = {name: [] for name in entry.holds}
        for path in unpack(file, unpacked, limit_bytes=LARGEST_BYTES):
            by_name.get(path.name, []).append(path)
        for name, found in by_name.items():
            if len(found) != 1:
                raise DownloadError(
                    f"{file} holds {len(found)} files called {name} instead of one. "
                    f"It is not the published {entry.file}."
                )
        yield {name: path for name, (path,) in by_name.items()}


def _are_here(paths: tuple[Path, ...]) -> bool:
    return all(path.is_file() for path in paths)


def _place(entry: PublishedFile, checkpoints: Path) -> Path:
    """Return the folder into which a file comes."""
    return entry.paths(checkpoints)[0].parent


def _receipt_path(entry: PublishedFile, checkpoints: Path) -> Path:
    return _place(entry, checkpoints) / f"{entry.name}.receipt.json"


def _by_hand(entry: PublishedFile) -> str:
    return (
        f"Fetch {entry.file} by hand from {entry.page} and give it with "
        f"`download {entry.name} --from FILE`."
    )
