"""A file is written whole or not at all, and leaves nothing beside it."""

import json
import os
import stat
from pathlib import Path

import pytest

from talkingface.errors import StorageError
from talkingface.storage import atomic


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_is_written_is_read_again_and_nothing_else_remains(tmp_path: Path) -> None:
    atomic.write_bytes(tmp_path / "a.bin", b"\x00\r\n\xff")
    atomic.write_text(tmp_path / "b.txt", "ä\n\r\n")
    atomic.write_json(tmp_path / "c.json", {"mean": [1, None], "name": "ü"})

    assert (tmp_path / "a.bin").read_bytes() == b"\x00\r\n\xff"
    assert (tmp_path / "b.txt").read_bytes() == "ä\n\r\n".encode()
    assert json.loads((tmp_path / "c.json").read_text("utf-8")) == {"mean": [1, None], "name": "ü"}
    assert names(tmp_path) == ["a.bin", "b.txt", "c.json"]


def test_the_old_file_stands_until_the_block_ends(tmp_path: Path) -> None:
    target = tmp_path / "weights.bin"
    target.write_bytes(b"old")
    with atomic.atomic_file(target) as file:
        file.write(b"new")
        file.flush()
        assert target.read_bytes() == b"old"
    assert target.read_bytes() == b"new"


def test_an_error_in_the_block_keeps_the_old_file_and_removes_the_new_one(tmp_path: Path) -> None:
    target = tmp_path / "weights.bin"
    target.write_bytes(b"old")

    def write_half() -> None:
        with atomic.atomic_file(target) as file:
            file.write(b"half of the n")
            raise KeyError("a bug")

    with pytest.raises(KeyError):
        write_half()
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["weights.bin"]


def test_the_disk_has_the_content_before_the_name_and_the_name_before_the_return(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = []
    fsync, replace = os.fsync, Path.replace

    def noted_fsync(descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        events.append("flush folder" if is_folder else "flush file")
        fsync(descriptor)

    def noted_replace(source: Path, target: Path) -> Path:
        events.append("rename")
        return replace(source, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    atomic.write_bytes(tmp_path / "a", b"x")
    assert events == ["flush file", "rename", "flush folder"]


def test_what_exists_is_not_replaced_unless_asked(tmp_path: Path) -> None:
    target = tmp_path / "talking.mp4"
    target.write_bytes(b"a day of work")
    with pytest.raises(StorageError, match="exists already"):
        atomic.write_bytes(target, b"new", overwrite=False)
    assert target.read_bytes() == b"a day of work"


@pytest.mark.parametrize("links_work", [True, False])
def test_what_appears_while_we_write_is_not_replaced_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links_work: bool
) -> None:
    if not links_work:

        def no_links(*_: object) -> None:
            raise PermissionError("exFAT has no links")

        monkeypatch.setattr(os, "link", no_links)
    target = tmp_path / "talking.mp4"

    def write_too_late() -> None:
        with atomic.atomic_file(target, overwrite=False) as file:
            file.write(b"ours")
            target.write_bytes(b"theirs")

    with pytest.raises(StorageError, match="exists already"):
        write_too_late()
    assert target.read_bytes() == b"theirs"
    assert names(tmp_path) == ["talking.mp4"]

    atomic.write_bytes(tmp_path / "other.mp4", b"ours", overwrite=False)
    assert (tmp_path / "other.mp4").read_bytes() == b"ours"


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    atomic.write_bytes(tmp_path / "ours", b"")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_an_error_about_another_file_is_not_blamed_on_ours(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), atomic.atomic_file(tmp_path / "copy") as file:
        file.write((tmp_path / "absent").read_bytes())


def test_numbers_that_json_does_not_have_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        atomic.write_json(tmp_path / "c.json", {"loss": float("nan")})
    assert names(tmp_path) == []


def test_strays_of_a_killed_process_are_removed_and_nothing_else(tmp_path: Path) -> None:
    stray = tmp_path / ".last.pt.0123abcd.partial"
    stray_folder = tmp_path / ".demo.zip.x_9abcde.partial"
    kept = ["last.pt", ".hidden", "talk.partial", ".talk.partial", ".talk.0123ABCD.partial"]
    for name in [stray.name, *kept]:
        (tmp_path / name).write_bytes(b"x")
    stray_folder.mkdir()
    (stray_folder / "half").write_bytes(b"x")
    assert atomic.remove_strays(tmp_path) == (stray_folder, stray)
    assert names(tmp_path) == sorted(kept)
    assert atomic.remove_strays(tmp_path / "absent") == ()


def test_temporary_names_are_those_that_are_removed_as_strays(tmp_path: Path) -> None:
    with (
        atomic.atomic_path(tmp_path / "clip one.mp4") as file,
        atomic.temporary_folder(tmp_path, "demo.zip") as folder,
    ):
        (folder / "half").write_bytes(b"x")
        for temporary in (file, folder):
            assert temporary.parent == tmp_path
            assert atomic.STRAY_NAME.fullmatch(temporary.name)
    assert names(tmp_path) == ["clip one.mp4"]
