"""How training changes frames of a person so that nothing but the motion can be learnt from them.

H. Zhou et al., CVPR 2021, section 3.1: colours, proportions and sharpness are changed, which spoils
the identity and leaves the pose. One change serves a whole clip. Numbers are drawn in the order of
the published program; lengths are those of its pictures, 224 px, and grow with others.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

PUBLISHED_SIZE = 224

Pixels = NDArray[np.integer | np.floating]  # (H, W, 3)


@dataclass(frozen=True)
class ColourChange:
    """Makes some of the colours brighter or darker."""

    factor: float
    first_channel: int
    end_channel: int

    @classmethod
    def draw(cls, chance: np.random.Generator) -> "ColourChange":
        """Draw one change."""
        factor = chance.uniform(0.3, 1.6)
        first = _whole(chance, 0, 2)
        return cls(factor, first, _whole(chance, first + 1, 4))

    def apply(self, frame: Pixels) -> Pixels:
        """Return the frame (H, W, 3) in whole levels of 0 to 255."""
        changed = frame.astype(np.float64)
        changed[..., self.first_channel : self.end_channel] *= self.factor
        return changed.clip(0, 255).astype(np.uint8)


@dataclass(frozen=True)
class ShapeChange:
    """Makes a face narrow or broad, then tilts the plane that it is seen in."""

    narrow: bool
    stretch: int  # taken from both ends of one axis, added to both ends of the other
    margin: int
    tilt: int
    reach: int

    @classmethod
    def draw(cls, chance: np.random.Generator) -> "ShapeChange":
        """Draw one change."""
        narrow = _coin(chance)
        stretch = _whole(chance, 15, 25)
        margin = _whole(chance, 0, stretch // 2)
        return cls(narrow, stretch, margin, _signed(chance, 20, 30), _signed(chance, 20, 40))

    def apply(self, frame: Pixels) -> Pixels:
        """Return the square frame (S, S, 3) changed, at its size."""
        size = len(frame)
        stretch, margin, tilt, reach = (
            round(length * size / PUBLISHED_SIZE)
            for length in (self.stretch, self.margin, self.tilt, self.reach)
        )
        shaped = (narrowed if self.narrow else broadened)(frame, stretch, margin)
        matrix = tilting(len(shaped), tilt, reach)
        view = cv2.warpPerspective(shaped, matrix, (size, size), borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(view)


@dataclass(frozen=True)
class SharpnessChange:
    """Blurs or sharpens."""

    median_sizes: tuple[int, ...]  # one for each frame, or none to sharpen all of them

    @classmethod
    def draw(cls, chance: np.random.Generator, num_frames: int) -> "SharpnessChange":
        """Draw one change for a clip of `num_frames`."""
        num_blurred = num_frames if _coin(chance) else 0
        return cls(tuple((3, 5, 7, 9)[_whole(chance, 0, 4)] for _ in range(num_blurred)))

    def apply(self, frames: Iterable[Pixels]) -> list[Pixels]:
        """Return frames (H, W, 3) of whole levels changed."""
        if self.median_sizes:
            pairs = zip(frames, self.median_sizes, strict=True)
            return [np.asarray(cv2.medianBlur(frame, size)) for frame, size in pairs]
        kernel = np.full((3, 3), -1.0)
        kernel[1, 1] = 9
        return [np.asarray(cv2.filter2D(frame, -1, kernel)) for frame in frames]


def augmented(frames: NDArray[np.uint8], chance: np.random.Generator) -> NDArray[np.uint8]:
    """Return the frames of a clip (T, S, S, 3), all changed in one way."""
    colour, shape = ColourChange.draw(chance), ShapeChange.draw(chance)
    sharpness = SharpnessChange.draw(chance, len(frames))
    return np.stack(sharpness.apply(shape.apply(colour.apply(frame)) for frame in frames))


def narrowed(frame: Pixels, stretch: int, margin: int) -> Pixels:
    """Return the square frame (S, S, 3) narrow and long, with `margin` more on every side.

    What is missing at the left and right is mirrored.
    """
    size, missing = len(frame), stretch + margin
    resized = cv2.resize(frame, (size - 2 * stretch, size + 2 * stretch))
    mirrored = cv2.copyMakeBorder(resized, 0, 0, missing, missing, cv2.BORDER_REFLECT)
    return np.asarray(mirrored)[stretch - margin : size + missing]


def broadened(frame: Pixels, stretch: int, margin: int) -> Pixels:
    """Return the square frame (S, S, 3) broad and short, with `margin` more on every side."""
    size, missing = len(frame), stretch + margin
    resized = cv2.resize(frame, (size + 2 * stretch, size - 2 * stretch))
    mirrored = cv2.copyMakeBorder(resized, missing, missing, 0, 0, cv2.BORDER_REFLECT)
    return np.asarray(mirrored)[:, stretch - margin : size + missing]


def tilting(size: int, tilt: int, reach: int) -> NDArray[np.float64]:
    """Return the perspective (3, 3) of a square picture, by what it does to four corners.

    The corners lie `reach` px outside the picture, and the lower two move `tilt` px: one to the
    right, the other to the left.
    """
    near, far = -reach, size + reach
    before = [(near, near), (near, far), (far, near), (far, far)]
    after = [(near, near), (near + tilt, far), (far, near), (far - tilt, far)]
    matrix = cv2.getPerspectiveTransform(np.array(before, np.float32), np.array(after, np.float32))
    return np.asarray(matrix, dtype=np.float64)


def _whole(chance: np.random.Generator, low: int, high: int) -> int:
    """Draw a whole number of `low` to `high` - 1."""
    return int(chance.integers(low, high))


def _coin(chance: np.random.Generator) -> bool:
    return _whole(chance, 0, 2) == 1


def _signed(chance: np.random.Generator, low: int, high: int) -> int:
    """Draw a whole number of `low` to `high` - 1, then its sign."""
    size = _whole(chance, low, high)
    return -size if _coin(chance) else size
