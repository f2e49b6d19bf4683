"""A square cut out of a frame, and where it came from.

A crop is made from landmarks alone, so a clip is cropped in two passes that each hold few pictures:
landmarks first, then ``crop.cut(picture)`` for every crop and picture. `talkingface.face.paste`
puts a generated face back by the same crop.
"""

from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Picture
from talkingface.face.align.similarity import Matrix, after, mapped
from talkingface.face.points import Points


class Crop(Protocol):
    """A square view of a frame."""

    @property
    def size(self) -> int:
        """Side of the view in pixels."""
        ...

    @property
    def matrix(self) -> Matrix:
        """Where a point of the frame lies in the view, both with pixel centres at whole numbers."""
        ...

    def cut(self, picture: Picture) -> Picture:
        """Return the view of `picture` (H, W, 3), as (size, size, 3)."""
        ...


@dataclass(frozen=True)
class AffineCrop:
    """A view turned, scaled and shifted; black beyond the frame."""

    matrix: Matrix
    size: int

    def cut(self, picture: Picture) -> Picture:
        """Return the view of `picture` (H, W, 3), bilinear."""
        view = cv2.warpAffine(picture, self.matrix, (self.size, self.size), flags=cv2.INTER_LINEAR)
        return np.asarray(view, dtype=np.uint8)


@dataclass(frozen=True)
class RectangleCrop:
    """Whole rows and columns, resized; right and bottom are the first left out."""

    left: int
    top: int
    right: int
    bottom: int
    size: int
    border_level: int = 0  # grey level beyond the frame

    @property
    def matrix(self) -> Matrix:
        """Where a point of the frame lies in the view."""
        across, down = self.size / (self.right - self.left), self.size / (self.bottom - self.top)
        # A pixel is a square whose centre stands half a pixel in.
        return np.array(
            [
                [across, 0, (0.5 - self.left) * across - 0.5],
                [0, down, (0.5 - self.top) * down - 0.5],
            ]
        )

    def cut(self, picture: Picture) -> Picture:
        """Return the view of `picture` (H, W, 3), resized bilinearly without smoothing."""
        height, width = picture.shape[:2]
        beyond = max(0, -self.left, -self.top, self.right - width, self.bottom - height)
        if beyond:
            edges = ((beyond, beyond), (beyond, beyond), (0, 0))
            picture = np.pad(picture, edges, constant_values=self.border_level)
        rows = slice(self.top + beyond, self.bottom + beyond)
        columns = slice(self.left + beyond, self.right + beyond)
        view = cv2.resize(picture[rows, columns], (self.size, self.size))
        return np.asarray(view, dtype=np.uint8)


def points_in(crop: Crop, points: Points) -> NDArray[np.float64]:
    """Return landmarks (..., 2 or 3) of the frame in the pixels of the view, depth scaled alike."""
    scale = np.sqrt(abs(np.linalg.det(crop.matrix[:, :2])))
    flat = mapped(crop.matrix, points[..., :2])
    return np.concatenate([flat, scale * points[..., 2:]], axis=-1)


def nested(outer: Crop, inner: Crop) -> AffineCrop:
    """Return the view that `inner` has of the view that `outer` has of a frame."""
    return AffineCrop(after(inner.matrix, outer.matrix), inner.size)
