"""One face in one picture: its box, its points, and who found it."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Box(NamedTuple):
    """A rectangle in pixels; right and bottom are the first that no longer belong to it."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Columns."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Rows."""
        return self.bottom - self.top

    @property
    def area(self) -> float:
        """Square pixels; 0 for a rectangle that is inside out."""
        return max(0.0, self.width) * max(0.0, self.height)

    def overlap(self, other: "Box") -> float:
        """Return the area of the intersection over the area of the union.

        >>> Box(0, 0, 2, 2).overlap(Box(1, 0, 3, 2))
        0.3333333333333333
        """
        shared = Box(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        ).area
        union = self.area + other.area - shared
        return shared / union if union else 0.0

    @classmethod
    def around(cls, points: NDArray[np.floating]) -> "Box":
        """Return the smallest box around `points` (N, 2)."""
        (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
        return cls(float(left), float(top), float(right), float(bottom))


@dataclass(frozen=True)
class Face:
    """A face in the pixels of the picture that it was found in."""

    box: Box
    points: NDArray[np.float32]  # (68, 2)
    found_by: str  # name of the back end
    depth: NDArray[np.float32] | None = None  # (68,) in pixels, larger is nearer
    held: bool = False  # repeated from an earlier frame, not found in this one
