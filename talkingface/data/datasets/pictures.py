"""Frames that are no videos: portraits in a folder, the beginning of other frames, and none."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Frames, Picture
from talkingface.errors import DataError
from talkingface.media import read_picture
from talkingface.media.image import PICTURE_SUFFIXES, stack_pictures

FPS = Fraction(25)  # of every layout here; pictures by themselves have no rate


@dataclass(frozen=True)
class Portraits:
    """A picture, or the pictures in a folder, in the order of their kinds and names: jpg first."""

    path: Path
    fps: Fraction = FPS

    def __len__(self) -> int:
        return len(self._paths)

    def __iter__(self) -> Iterator[Picture]:
        return map(read_picture, self._paths)

    def read(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return pictures `start` to `stop` - 1, (T, H, W, 3)."""
        return stack_pictures(map(read_picture, self._paths[start:stop]))

    @cached_property
    def _paths(self) -> list[Path]:
        if self.path.is_file():
            return [self.path]
        found = self.path.iterdir() if self.path.is_dir() else ()
        pictures = [one for one in found if one.suffix.lower() in PICTURE_SUFFIXES]
        if not pictures:
            raise DataError(f"{self.path} holds no portrait. Put one jpg or png or more there.")
        return sorted(pictures, key=lambda one: (one.suffix.lower() != ".jpg", one.name))


@dataclass(frozen=True)
class FirstFrames:
    """The first frames of others, at most `count`."""

    frames: Frames
    count: int

    @property
    def fps(self) -> Fraction:
        """Pictures a second."""
        return self.frames.fps

    def __len__(self) -> int:
        return min(len(self.frames), self.count)

    def __iter__(self) -> Iterator[Picture]:
        for picture, _ in zip(self.frames, range(len(self)), strict=False):
            yield picture

    def read(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return pictures `start` to `stop` - 1, (T, H, W, 3)."""
        return self.frames.read(start, min(stop, len(self)))


@dataclass(frozen=True)
class Unreadable:
    """Frames that are not there: whoever asks for one is told why."""

    reason: str
    fps: Fraction = FPS

    def __len__(self) -> int:
        return self._refuse()

    def __iter__(self) -> Iterator[Picture]:
        return self._refuse()

    def read(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Say why there is nothing to read."""
        del start, stop
        return self._refuse()

    def _refuse(self) -> NoReturn:
        raise DataError(self.reason)
