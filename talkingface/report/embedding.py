"""Puts videos and pictures into the page itself, as long as there is room for them."""

from base64 import b64encode
from pathlib import Path

from talkingface.clip import Frames, Picture
from talkingface.errors import TalkingFaceError
from talkingface.media.frames import open_frames
from talkingface.media.image import as_jpeg
from talkingface.media.strip import side_by_side
from talkingface.report.markup import Markup, element

ROOM = 12_000_000  # bytes of media in one page; as text they take a third more
POSTER_PX, STRIP_PX = 224, 96  # heights; a smaller picture stays as it is
STRIP_PICTURES = 6
JPEG_BEGINS = b"\xff\xd8\xff"
# What browsers play; of other kinds pictures are shown.
PLAYED = {".mp4": "video/mp4", ".m4v": "video/mp4", ".webm": "video/webm"}


class Room:
    """How many bytes of media a page may still take in."""

    def __init__(self, num_bytes: int = ROOM) -> None:
        self._left = num_bytes

    def take(self, num_bytes: int) -> bool:
        """Return whether there is room for so many bytes, and keep it."""
        fits = num_bytes <= self._left
        self._left -= num_bytes if fits else 0
        return fits


def shown_video(path: Path | None, description: str, room: Room) -> Markup:
    """Return a video that plays where it is; pictures of it where it is too large; or a sentence.

    Args:
        path: the video, or None where there is none.
        description: what someone hears who cannot see it.
        room: the bytes that are left.
    """
    if path is None or not path.is_file():
        return element("p", "The video is no longer in the run's folder.", class_="remark")
    try:
        frames = open_frames(path)
        poster = _at(frames, [0.5], POSTER_PX)
        kind = PLAYED.get(path.suffix.lower())
        if kind and room.take(path.stat().st_size + len(poster)):
            return element(
                "video",
                src=_address(kind, path.read_bytes()),
                poster=_address("image/jpeg", poster),
                controls=True,
                loop=True,
                playsinline=True,
                preload="metadata",
                aria_label=description,
            )
        times = [(index + 0.5) / STRIP_PICTURES for index in range(STRIP_PICTURES)]
        return _picture(_at(frames, times, STRIP_PX), f"{description}, pictures of it", room)
    except (TalkingFaceError, OSError) as error:
        return element("p", f"The video cannot be shown: {error}", class_="remark")


def shown_sheet(path: Path | None, description: str, room: Room) -> Markup:
    """Return a contact sheet, or nothing where there is none or no room."""
    content = path.read_bytes() if path is not None and path.is_file() else b""
    if not content.startswith(JPEG_BEGINS):
        return Markup()
    return _picture(content, description, room)


def _picture(jpeg: bytes, description: str, room: Room) -> Markup:
    if not room.take(len(jpeg)):
        return Markup()
    return element("img", src=_address("image/jpeg", jpeg), alt=description)


def _at(frames: Frames, times: list[float], height_px: int) -> bytes:
    """Return the pictures at some shares of the length, side by side, as a jpg."""
    indices = [int(time * len(frames)) for time in times]
    pictures: list[Picture] = [frames.read(index, index + 1)[0] for index in indices]
    (strip,) = side_by_side(pictures, min(height_px, len(pictures[0])))
    return as_jpeg(strip)


def _address(kind: str, content: bytes) -> Markup:
    return Markup(f"data:{kind};base64,{b64encode(content).decode('ascii')}")
