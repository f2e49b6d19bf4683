"""A picture of a clip at a glance: frames at even steps in time, any truth above what was made."""

from pathlib import Path

import numpy as np

from talkingface.clip import Picture
from talkingface.engine.rules import Pictures
from talkingface.media.image import write_picture

COLUMNS = 8
JPEG_QUALITY = 90


class Sheet:
    """Keeps a few frames of a clip as they pass.

    Args:
        num_frames: of the whole clip.
    """

    def __init__(self, num_frames: int) -> None:
        self._wanted = set(np.linspace(0, num_frames - 1, COLUMNS).astype(int).tolist())
        self._next = 0
        self._columns: list[Picture] = []

    def take(self, *rows: Pictures) -> None:
        """Take in the next frames of each row, from above, (T, H, W, 3) of one size."""
        for column in zip(*rows, strict=True):
            if self._next in self._wanted:
                self._columns.append(np.concatenate(column))
            self._next += 1

    def write(self, path: Path) -> None:
        """Write what was kept as a JPEG; its folder must exist."""
        write_picture(path, np.concatenate(self._columns, axis=1), JPEG_QUALITY)
