"""Opens moving pictures, whatever form they have."""

from fractions import Fraction
from pathlib import Path

from talkingface.clip import Frames
from talkingface.errors import DataError
from talkingface.media.folder import DEFAULT_FPS, open_folder
from talkingface.media.image import PICTURE_SUFFIXES
from talkingface.media.limits import DEFAULT_LIMITS, MediaLimits
from talkingface.media.timeline import exact_fps
from talkingface.media.video import open_video


def open_frames(
    path: str | Path, fps: Fraction | float | None = None, limits: MediaLimits = DEFAULT_LIMITS
) -> Frames:
    """Open a video file, or a folder of numbered pictures, as frames at a constant rate.

    Args:
        path: the file or folder.
        fps: a video is read at this rate, by default its own. A folder does not know its rate:
            there this says which it is, by default 25.
        limits: what is larger is refused.

    Raises:
        DataError: what stands at `path` cannot be used; the message says why and what to do.
    """
    path = Path(path)
    rate = None if fps is None else exact_fps(fps)
    if path.is_dir():
        return open_folder(path, rate or DEFAULT_FPS, limits)
    if path.suffix.lower() in PICTURE_SUFFIXES:
        raise DataError(f"{path} is one picture. Give a video, or a folder of numbered pictures.")
    return open_video(path, rate, limits)
