"""Unpacks zip and tar files that a stranger made.

Every member is looked at before the first is written: none may lie outside the folder, be a link or
a device, and all together may not exceed a stated size. Sizes are those that the archive declares;
no more than that is read of any member, so a false one cannot hide a larger content.
"""

import shutil
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from talkingface.errors import DownloadError, StorageError
from talkingface.storage.atomic import reason_of

MOST_MEMBERS = 10_000
_MEMBER_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True)
class _Member:
    """One file of an archive."""

    name: str
    num_bytes: int
    open: Callable[[], IO[bytes] | None]


def unpack(archive: Path, folder: Path, *, limit_bytes: int) -> tuple[Path, ...]:
    """Unpack a zip or an uncompressed tar into `folder` and return the paths of the files.

    Raises:
        DownloadError: the archive is damaged, of another kind, or not safe to unpack.
        StorageError: the disk is full or gone; `folder` may then hold a part.
    """
    try:
        with _members_of(archive) as members:
            targets = [folder / _safe_name(archive, member) for member in members]
            _require_modest(archive, members, limit_bytes)
            for member, target in zip(members, targets, strict=True):
                _write(archive, member, target)
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError) as error:
        raise DownloadError(f"{archive} is damaged ({error}). Get it again.") from error
    return tuple(targets)


@contextmanager
def _members_of(archive: Path) -> Iterator[list[_Member]]:
    """Yield the files of an archive, while it is open."""
    if (tar := _opened_tar(archive)) is not None:
        with tar:
            yield list(_tar_members(archive, tar))
    elif zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as opened:
            yield list(_zip_members(archive, opened))
    else:
        raise DownloadError(
            f"{archive} is neither a zip nor a plain tar file. "
            "Unpack it yourself and put its files where they belong."
        )


def _opened_tar(archive: Path) -> tarfile.TarFile | None:
    """Return the archive, if it is a tar.

    This is asked first: a tar that ends in a zip, as PyTorch's files are, passes for a zip itself.
    """
    try:
        return tarfile.open(archive, "r:")
    except tarfile.ReadError:
        return None


def _zip_members(archive: Path, opened: zipfile.ZipFile) -> Iterator[_Member]:
    for info in opened.infolist():
        mode = stat.S_IFMT(info.external_attr >> 16)  # 0 where it was made on Windows
        if info.is_dir():
            continue
        if mode not in (0, stat.S_IFREG):
            raise _refused(archive, info.filename, "is a link or a device")
        if info.flag_bits & 1 or info.compress_type not in _MEMBER_COMPRESSIONS:
            raise _refused(archive, info.filename, "is encrypted or compressed in a rare way")
        yield _Member(info.filename, info.file_size, lambda info=info: opened.open(info))  # type: ignore[misc]


def _tar_members(archive: Path, opened: tarfile.TarFile) -> Iterator[_Member]:
    for info in opened:
        if info.isdir():
            continue
        if not info.isreg() or info.issparse():
            raise _refused(archive, info.name, "is a link or a device")
        yield _Member(info.name, info.size, lambda info=info: opened.extractfile(info))  # type: ignore[misc]


def _safe_name(archive: Path, member: _Member) -> PurePosixPath:
    """Return the place of a member below the folder, on every system."""
    name = PurePosixPath(member.name)
    # A backslash or a colon is a way out on Windows, and in no name that we wait for.
    if name.is_absolute() or ".." in name.parts or not name.parts or set("\\:\0") & set(str(name)):
        raise _refused(archive, member.name, "would be written outside its folder")
    return name


def _require_modest(archive: Path, members: list[_Member], limit_bytes: int) -> None:
    num_bytes = sum(member.num_bytes for member in members)
    if num_bytes > limit_bytes or len(members) > MOST_MEMBERS:
        raise DownloadError(
            f"{archive} is refused: it would unpack to {len(members)} files and {num_bytes:,} "
            f"bytes, more than {MOST_MEMBERS:,} files or {limit_bytes:,} bytes. "
            "It is not the file that was published."
        )


def _write(archive: Path, member: _Member, target: Path) -> None:
    content = member.open()
    assert content is not None, "only regular files are members"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with content, target.open("xb") as file:
            shutil.copyfileobj(content, file, length=1 << 20)
    except FileExistsError:
        raise _refused(archive, member.name, "is there twice") from None
    except OSError as error:
        raise StorageError(f"{target} could not be written: {reason_of(error)}.") from error
    if target.stat().st_size != member.num_bytes:
        raise DownloadError(f"{archive} is damaged: {member.name} is cut off. Get it again.")


def _refused(archive: Path, name: str, reason: str) -> DownloadError:
    return DownloadError(
        f"{archive} is refused: its member {name!r} {reason}. "
        "It is not the file that was published."
    )
