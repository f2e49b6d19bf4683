"""What surrounds a face in a portrait: hair, neck and wall, which give way when the face moves.

Near its edge the picture moves with the face, farther out less and less, so that no seam opens and
the frame stays where it is. Where the face itself is, the mesh moves the picture.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Field = NDArray[np.float32]

FOLLOWS, REACH = 0.15, 1.5  # radii of the face beyond its edge: up to here rigid, from here at rest
FRAME = 0.1  # of the shorter side: so far from the frame it is felt
NUM_DIRECTIONS = 720
DIRECTIONS = np.linspace(-np.pi, np.pi, NUM_DIRECTIONS, endpoint=False)


class Surroundings:
    """How a portrait gives way to the outline of its face.

    Args:
        size: height and width of the portrait.
        outline: where the face ends in it, (M, 2) px, in order round the face.
    """

    def __init__(self, size: tuple[int, int], outline: Array) -> None:
        self._outline = outline
        middle = outline.mean(axis=0)
        self.corner, end = _reach(size, outline, middle)  # x, y of what moves
        columns, rows = map(np.arange, self.corner, end)
        self._x, self._y = np.meshgrid(columns.astype(np.float32), rows.astype(np.float32))
        x, y = (outline - middle).T
        self._turns = np.arctan2(y, x)  # (M,)
        right, down = self._x - middle[0], self._y - middle[1]
        place = (np.arctan2(down, right) + np.pi) * (NUM_DIRECTIONS / (2 * np.pi))
        self._place = place.astype(np.float32)  # of each pixel among the directions
        edge = self._in_all_directions(np.hypot(x, y)[:, None])
        beyond = np.hypot(down, right) / edge - 1
        resting = ((beyond - FOLLOWS) / (REACH - FOLLOWS)).clip(0, 1)
        following = (1 + np.cos(np.pi * resting)) / 2
        held = np.outer(_held(rows, size[0], min(size)), _held(columns, size[1], min(size)))
        self._following = (following * held).astype(np.float32)[..., None]  # (h, w, 1)

    def around(self, outline: Array) -> Field:
        """Return where each pixel that moves is in the portrait, (h, w, 2) px.

        Args:
            outline: where the face ends now, (M, 2) px.
        """
        shift = self._in_all_directions(outline - self._outline)
        places: Field = np.dstack([self._x, self._y]) - self._following * shift
        return places

    def _in_all_directions(self, values: Array) -> Field:
        """Return for each pixel what the outline has in its direction: (M, D) to (H, W, D)."""
        columns = [
            np.interp(DIRECTIONS, self._turns, column, period=2 * np.pi) for column in values.T
        ]
        table = np.stack(columns, axis=-1)[None].astype(np.float32)  # (1, directions, D)
        row = np.zeros_like(self._place)
        found = cv2.remap(table, self._place, row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
        return np.asarray(found, dtype=np.float32)


def _reach(size: tuple[int, int], outline: Array, middle: Array) -> NDArray[np.intp]:
    """Return the first and last x, y, (2, 2), of what moves with a face; the last are beyond it."""
    extent = np.stack([outline.min(axis=0), outline.max(axis=0) + 1])
    first, last = middle + (1 + REACH) * (extent - middle)
    corners = np.stack([np.floor(first), np.ceil(last)])
    return corners.clip(0, size[::-1]).astype(np.intp)


def _held(places: NDArray[np.intp], length: int, shortest: int) -> Array:
    """Return 0 at the frame, 1 far from it: nothing can come in that is not in the picture."""
    inward = np.minimum(places, length - 1 - places) / (FRAME * shortest)
    return np.asarray(np.sin(np.pi / 2 * inward.clip(0, 1)))
