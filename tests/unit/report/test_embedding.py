"""Media stand in the page byte for byte; what does not fit is shown as pictures."""

import re
from base64 import b64decode
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from talkingface.clip import FrameArray
from talkingface.media.writer import write_video
from talkingface.report.embedding import Room, shown_sheet, shown_video


@pytest.fixture
def video(tmp_path: Path, tiny_frames: FrameArray) -> Path:
    path = tmp_path / "a.mp4"
    write_video(path, tiny_frames, 25)
    return path


def media(markup: str) -> list[tuple[str, bytes]]:
    found = re.findall(r"data:([\w/]+);base64,([\w+/=]+)", markup)
    return [(kind, b64decode(content)) for kind, content in found]


def test_a_video_is_in_the_page_with_a_picture_of_its_middle(video: Path, tiny_frames) -> None:
    (kind, content), (_, poster) = media(shown_video(video, "A clip", Room()))
    assert (kind, content) == ("video/mp4", video.read_bytes())
    shown = np.asarray(Image.open(BytesIO(poster)), dtype=float)
    errors = [np.abs(shown - picture).mean() for picture in tiny_frames.pictures]
    assert int(np.argmin(errors)) == 5


def test_of_a_video_without_room_pictures_are_shown(video: Path) -> None:
    markup = shown_video(video, "A clip", Room(video.stat().st_size))
    assert "<video" not in markup
    ((kind, strip),) = media(markup)
    assert kind == "image/jpeg"
    assert Image.open(BytesIO(strip)).size == (6 * 64, 48)
    assert 'alt="A clip, pictures of it"' in markup


def test_a_kind_that_no_browser_plays_is_shown_as_pictures(video: Path) -> None:
    assert "<img" in shown_video(video.rename(video.with_suffix(".avi")), "A clip", Room())


def test_room_is_never_exceeded() -> None:
    room = Room(10)
    assert [room.take(6), room.take(6), room.take(4), room.take(1)] == [True, False, True, False]


def test_what_is_no_video_is_a_sentence_and_never_in_the_page(tmp_path: Path) -> None:
    secret = tmp_path / "passwords.mp4"
    secret.write_text("root:x:0:0:root:/root:/bin/bash\n")
    markup = shown_video(secret, "A clip", Room())
    assert "cannot be shown" in markup
    assert media(markup) == []
    assert "no longer" in shown_video(None, "A clip", Room())


def test_a_sheet_that_is_no_jpg_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_text("root:x:0:0")
    assert shown_sheet(tmp_path / "a.jpg", "A sheet", Room()) == ""
    assert shown_sheet(None, "A sheet", Room()) == ""
