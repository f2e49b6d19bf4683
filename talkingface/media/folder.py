"""Folders of numbered pictures, the form in which the papers keep their frames."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Picture
from talkingface.errors import DataError
from talkingface.media.image import PICTURE_SUFFIXES, read_picture, stack_pictures
from talkingface.media.limits import DEFAULT_LIMITS, MediaLimits

DEFAULT_FPS = Fraction(25)  # of every paper here; a folder does not say its own
NUMBERED_NAME = re.compile(r"(?P<prefix>.*?)(?P<number>\d+)")


@dataclass(frozen=True)
class ImageFolder:
    """Frames that lie in a folder as numbered pictures of one size."""

    paths: tuple[Path, ...]  # in order
    fps: Fraction = DEFAULT_FPS
    limits: MediaLimits = DEFAULT_LIMITS

    @property
    def codec(self) -> str:
        """How the pictures are stored: their suffix."""
        return self.paths[0].suffix.lower().removeprefix(".")

    def __len__(self) -> int:
        return len(self.paths)

    def __iter__(self) -> Iterator[Picture]:
        return self._pictures(0, len(self))

    def read(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return pictures `start` to `stop` - 1, (T, H, W, 3)."""
        return stack_pictures(self._pictures(start, stop))

    def _pictures(self, start: int, stop: int) -> Iterator[Picture]:
        shape = None
        for path in self.paths[start:stop]:
            picture = read_picture(path, self.limits)
            shape = shape or picture.shape
            if picture.shape != shape:
                raise DataError(
                    f"{path} is {_size(picture.shape)}, while the pictures before it are "
                    f"{_size(shape)}. Make all pictures of the folder one size."
                )
            yield picture


def open_folder(
    folder: Path, fps: Fraction = DEFAULT_FPS, limits: MediaLimits = DEFAULT_LIMITS
) -> ImageFolder:
    """Open a folder whose pictures are numbered without gaps, from any number.

    Padding does not matter (``000000.jpg``, ``00001.png``, ``Input_7.jpg``), nor do other files.

    Raises:
        DataError: there are no pictures, one has no number, or numbers are missing or double.
    """
    pictures = [p for p in sorted(folder.iterdir()) if _is_picture(p)]
    if not pictures:
        raise DataError(f"{folder} holds no pictures. Give a folder of numbered jpg or png files.")
    limits.check_frames(folder, len(pictures))
    by_number = _by_number(folder, pictures)
    numbers = sorted(by_number)
    for number, expected in zip(numbers, range(numbers[0], numbers[-1] + 1), strict=False):
        if number != expected:
            raise DataError(
                f"{folder} goes from picture {expected - 1} to {number}: {expected} is missing. "
                "Put it back, or number the pictures without gaps."
            )
    return ImageFolder(tuple(by_number[number] for number in numbers), fps, limits)


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in PICTURE_SUFFIXES and not path.name.startswith(".")


def _by_number(folder: Path, pictures: list[Path]) -> dict[int, Path]:
    """Map each number to its picture; all names must agree in what precedes the number."""
    by_number: dict[int, Path] = {}
    prefixes: dict[str, Path] = {}
    for path in pictures:
        name = NUMBERED_NAME.fullmatch(path.stem)
        if name is None:
            raise DataError(
                f"{path} has no number at the end of its name. Number every picture of the "
                f"folder, as in 000000{path.suffix}, or give the picture itself."
            )
        prefixes.setdefault(name["prefix"], path)
        if len(prefixes) > 1:
            first, second = prefixes.values()
            raise DataError(
                f"{folder} holds two series of pictures, such as {first.name} and {second.name}. "
                "Keep one series in a folder."
            )
        other = by_number.setdefault(int(name["number"]), path)
        if other is not path:
            raise DataError(
                f"{folder} holds two pictures with one number, {other.name} and {path.name}. "
                "Remove one of them."
            )
    return by_number


def _size(shape: tuple[int, ...]) -> str:
    return f"{shape[1]} x {shape[0]} pixels"
