"""An archive is unpacked into its folder, or refused before anything is written."""

import io
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from talkingface.errors import DownloadError, StorageError
from talkingface.storage.archive import unpack

LIMIT = 1 << 20
CONTENT = b"numbers" * 100


def make_zip(path: Path, *names: str, content: bytes = CONTENT, mode: int = 0o100644) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)


def make_tar(path: Path, *names: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> None:
    with tarfile.open(path, "w") as archive:
        for name in names:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, link
            info.size = len(CONTENT) if kind == tarfile.REGTYPE else 0
            archive.addfile(info, io.BytesIO(CONTENT[: info.size]))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "inside").mkdir()
    return tmp_path / "inside"


def refused(archive: Path, folder: Path, reason: str, limit_bytes: int = LIMIT) -> None:
    """Expect a refusal with this reason and nothing written, in the folder or beside it."""
    before = sorted(folder.parent.rglob("*"))
    with pytest.raises(DownloadError, match=reason) as caught:
        unpack(archive, folder, limit_bytes=limit_bytes)
    assert str(archive) in str(caught.value)
    assert sorted(folder.parent.rglob("*")) == before


@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_files_are_unpacked_with_their_folders(
    tmp_path: Path, folder: Path, make: Callable[..., None]
) -> None:
    make(tmp_path / "archive", "demo/a.pth", "./b c.pth", "demo/ü/d.pth")
    paths = unpack(tmp_path / "archive", folder, limit_bytes=LIMIT)
    assert paths == (folder / "demo/a.pth", folder / "b c.pth", folder / "demo/ü/d.pth")
    assert all(path.read_bytes() == CONTENT for path in paths)


def test_a_tar_of_zips_is_not_taken_for_its_last_zip(tmp_path: Path, folder: Path) -> None:
    make_zip(tmp_path / "a.pth", "data.pkl")
    with tarfile.open(tmp_path / "checkpoints.tar", "w") as archive:
        archive.add(tmp_path / "a.pth", "checkpoints/a.pth")
    (path,) = unpack(tmp_path / "checkpoints.tar", folder, limit_bytes=LIMIT)
    assert path == folder / "checkpoints/a.pth"
    assert path.read_bytes() == (tmp_path / "a.pth").read_bytes()


OUTSIDE = ["../evil", "a/../../evil", "/tmp/evil", "..\\evil", "C:\\evil", "C:evil", "a/.."]


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_a_member_outside_the_folder_is_refused(
    tmp_path: Path, folder: Path, make: Callable[..., None], name: str
) -> None:
    make(tmp_path / "archive", "good.pth", name)
    refused(tmp_path / "archive", folder, "would be written outside its folder")


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE]
)
def test_links_and_devices_in_a_tar_are_refused(tmp_path: Path, folder: Path, kind: bytes) -> None:
    make_tar(tmp_path / "archive", "innocent", kind=kind, link="/etc/passwd")
    refused(tmp_path / "archive", folder, "is a link or a device")


def test_a_link_in_a_zip_is_refused(tmp_path: Path, folder: Path) -> None:
    make_zip(tmp_path / "archive", "innocent", content=b"/etc/passwd", mode=0o120777)
    refused(tmp_path / "archive", folder, "is a link or a device")


def test_a_bomb_is_refused_before_it_goes_off(tmp_path: Path, folder: Path) -> None:
    make_zip(tmp_path / "archive", "a", "b", content=bytes(LIMIT))
    assert (tmp_path / "archive").stat().st_size < LIMIT / 100
    refused(tmp_path / "archive", folder, "would unpack to 2 files and 2,097,152 bytes")


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path: Path, folder: Path) -> None:
    make_zip(tmp_path / "archive", "a", content=bytes(100 * LIMIT))
    lie = (
        (tmp_path / "archive")
        .read_bytes()
        .replace(struct.pack("<I", 100 * LIMIT), struct.pack("<I", 1000))
    )
    (tmp_path / "archive").write_bytes(lie)
    with pytest.raises(DownloadError, match="is damaged"):
        unpack(tmp_path / "archive", folder, limit_bytes=LIMIT)
    assert sum(path.stat().st_size for path in folder.rglob("*")) <= 1000


def test_too_many_files_are_refused(tmp_path: Path, folder: Path) -> None:
    with zipfile.ZipFile(tmp_path / "archive", "w") as archive:
        for index in range(10_001):
            archive.writestr(str(index), b"")
    refused(tmp_path / "archive", folder, "would unpack to 10001 files")


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_a_name_that_is_there_twice_is_refused(
    tmp_path: Path, folder: Path, make: Callable[..., None]
) -> None:
    make(tmp_path / "archive", "a", "a")
    with pytest.raises(DownloadError, match="'a' is there twice"):
        unpack(tmp_path / "archive", folder, limit_bytes=LIMIT)


@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_a_truncated_archive_is_refused(
    tmp_path: Path, folder: Path, make: Callable[..., None]
) -> None:
    make(tmp_path / "archive", "a", "b")
    whole = (tmp_path / "archive").read_bytes()
    (tmp_path / "archive").write_bytes(whole[: 600 if make is make_tar else len(whole) // 2])
    with pytest.raises(DownloadError, match=r"is damaged|is neither a zip nor a plain tar"):
        unpack(tmp_path / "archive", folder, limit_bytes=LIMIT)


def test_a_changed_byte_in_a_zip_is_refused(tmp_path: Path, folder: Path) -> None:
    with zipfile.ZipFile(tmp_path / "archive", "w") as archive:
        archive.writestr("a", CONTENT)
    changed = (tmp_path / "archive").read_bytes().replace(b"numbers", b"numbelS", 1)
    (tmp_path / "archive").write_bytes(changed)
    with pytest.raises(DownloadError, match="is damaged"):
        unpack(tmp_path / "archive", folder, limit_bytes=LIMIT)


def test_a_compressed_tar_and_other_files_are_refused(tmp_path: Path, folder: Path) -> None:
    with tarfile.open(tmp_path / "packed", "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("a"))
    refused(tmp_path / "packed", folder, "neither a zip nor a plain tar")
    (tmp_path / "text").write_text("not an archive")
    refused(tmp_path / "text", folder, "neither a zip nor a plain tar")


def test_a_rare_compression_is_refused(tmp_path: Path, folder: Path) -> None:
    with zipfile.ZipFile(tmp_path / "archive", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a", CONTENT)
    refused(tmp_path / "archive", folder, "compressed in a rare way")


def test_a_folder_that_cannot_be_made_is_an_error_of_storage(tmp_path: Path, folder: Path) -> None:
    make_zip(tmp_path / "archive", "demo/a")
    (folder.rmdir(), folder.write_bytes(b""))
    with pytest.raises(StorageError, match="could not be written"):
        unpack(tmp_path / "archive", folder, limit_bytes=LIMIT)
