"""Which sound and which driving pictures meet in each frame of the video.

The published program makes pictures only for frames whose whole window lies in the sound, from the
third on, and shows them from the start: four frames fewer than the sound lasts, with lips 80 ms
early. So that drivers agree with it, it leaves out the first two pictures of each.
"""

import sys
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from talkingface.errors import DataError
from talkingface.media.features.windows import FRAMES_BEFORE, whole_window_frames

Sync = Literal["corrected", "published"]
ShortDriver = Literal["mirror", "loop", "hold"]


@dataclass(frozen=True)
class Schedule:
    """How many frames there are, and which frame of sound and drivers the first of them has."""

    num_frames: int
    sync: Sync = "corrected"

    @classmethod
    def published(cls, num_rows: int) -> "Schedule":
        """Return the authors' schedule for so many mel rows.

        Raises:
            DataError: The sound is too short for one picture.
        """
        frames = whole_window_frames(num_rows)
        if not frames:
            raise DataError(
                "The speech is shorter than the 0.12 s that sync=published needs. Give a longer "
                "one, or write --model.sync=corrected."
            )
        return cls(len(frames), "published")

    @classmethod
    def endless(cls) -> "Schedule":
        """Return the schedule of a stream, of which nobody knows the end."""
        return cls(sys.maxsize)

    @property
    def all_frames(self) -> range:
        """Every frame of the video."""
        return range(self.num_frames)

    @property
    def lead(self) -> int:
        """Which frame of the sound, and which picture of a driver, comes first."""
        return FRAMES_BEFORE if self.sync == "published" else 0

    def pictures(self, frames: range, num_pictures: int, short: ShortDriver) -> NDArray[np.intp]:
        """Return which of a driver's pictures each of `frames` has, (T,)."""
        skipped = min(self.lead, num_pictures - 1)
        return skipped + repeated(frames, num_pictures - skipped, short)


def repeated(of_video: range, num_pictures: int, short: ShortDriver) -> NDArray[np.intp]:
    """Return which picture each frame has where there may be fewer pictures than frames.

    >>> [repeated(range(7), 3, how).tolist() for how in ("mirror", "loop", "hold")]
    [[0, 1, 2, 2, 1, 0, 0], [0, 1, 2, 0, 1, 2, 0], [0, 1, 2, 2, 2, 2, 2]]
    """
    frames = np.arange(of_video.start, of_video.stop)
    if short == "hold":
        return np.minimum(frames, num_pictures - 1)
    if short == "loop":
        return frames % num_pictures
    there = frames % (2 * num_pictures)
    return np.minimum(there, 2 * num_pictures - 1 - there)
