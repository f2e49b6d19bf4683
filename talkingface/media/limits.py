"""How large media may be before they are refused, so that no file can fill memory or hang a run."""

from dataclasses import dataclass
from pathlib import Path

from talkingface.errors import DataError


@dataclass(frozen=True)
class MediaLimits:
    """The most that one file may hold. What is larger is refused before it is decoded."""

    pixels: int = 50_000_000  # of one picture: a 50-megapixel photograph
    seconds: float = 3600.0  # of one video or sound
    frames: int = 216_000  # of one video or folder: an hour at 60 pictures a second

    def check_picture(self, path: Path, width: int, height: int) -> None:
        """Refuse a picture, or a video of pictures, with too many pixels."""
        if width * height > self.pixels:
            raise DataError(
                f"{path} has {width} x {height} pixels; at most {self.pixels:,} are read. "
                "Make it smaller, or raise the limit `pixels`."
            )

    def check_seconds(self, path: Path, seconds: float) -> None:
        """Refuse a video or sound that lasts too long."""
        if seconds > self.seconds:
            raise DataError(
                f"{path} lasts longer than {self.seconds:g} seconds, the most that is read. "
                "Cut it into parts, or raise the limit `seconds`."
            )

    def check_frames(self, path: Path, num_frames: int) -> None:
        """Refuse a video or folder with too many pictures."""
        if num_frames > self.frames:
            raise DataError(
                f"{path} gives {num_frames:,} pictures; at most {self.frames:,} are read. "
                "Cut it into parts, ask for fewer a second, or raise the limit `frames`."
            )


DEFAULT_LIMITS = MediaLimits()
