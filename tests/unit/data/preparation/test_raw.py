"""What counts as a clip, and how it is called."""

from pathlib import Path

import pytest

from talkingface.data.preparation.raw import find_raw, raw_at
from talkingface.errors import DataError


def touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def names(path: Path) -> list[str]:
    return [raw.name for raw in find_raw(path)]


def test_a_file_is_one_clip_and_so_is_a_folder_of_pictures(tmp_path: Path) -> None:
    touch(tmp_path / "a.b.mp4", tmp_path / "frames" / "0.jpg", tmp_path / "frames" / "1.jpg")
    assert names(tmp_path / "a.b.mp4") == ["a.b"]
    assert names(tmp_path / "frames") == ["frames"]


def test_names_say_where_clips_were_found(tmp_path: Path) -> None:
    touch(
        tmp_path / "id1" / "talk" / "001.MP4",
        tmp_path / "id2" / "talk" / "001.mov",
        tmp_path / "id2" / "frames.v2" / "0.png",
        tmp_path / ".hidden" / "001.mp4",
        tmp_path / "notes.txt",
    )
    assert names(tmp_path) == ["id1_talk_001", "id2_frames.v2", "id2_talk_001"]


def test_two_clips_of_one_name_are_an_error(tmp_path: Path) -> None:
    touch(tmp_path / "a.mp4", tmp_path / "a.mov")
    with pytest.raises(DataError, match="would both be 'a'"):
        find_raw(tmp_path)


def test_nothing_to_prepare_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="does not exist"):
        find_raw(tmp_path / "none")
    with pytest.raises(DataError, match="neither videos"):
        find_raw(tmp_path)


def test_a_role_that_is_not_given_is_nobody(tmp_path: Path) -> None:
    assert raw_at(None) is None
    raw = raw_at(str(tmp_path / "voice.wav"))
    assert raw is not None
    assert raw.name == "voice"
