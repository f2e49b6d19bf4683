"""What surrounds a face in a portrait: hair, neck and wall, which give way when the face moves.

Near its edge the picture moves with the face, farther out less and less, so that no seam opens and
the frame stays where it is. Where the face itself is, the mesh is drawn over it.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Picture

Array = NDArray[np.float64]
Field = NDArray[np.float32]

FOLLOWS, REACH = 0.15, 1.5  # radii of the face beyond its edge: up to here rigid, from here at rest
NUM_DIRECTIONS = 720
DIRECTIONS = np.linspace(-np.pi, np.pi, NUM_DIRECTIONS, endpoint=False)


class Surroundings:
    """A portrait that gives way to the outline of its face.

    Args:
        portrait: (H, W, 3).
        outline: where the face ends in it, (M, 2) px, in order round the face.
    """

    def __init__(self, portrait: Picture, outline: Array) -> None:
        self._portrait, self._outline = portrait, outline
        height, width = portrait.shape[:2]
        self._x, self._y = np.meshgrid(*(np.arange(n, dtype=np.float32) for n in (width, height)))
        middle = outline.mean(axis=0)
        x, y = (outline - middle).T
        self._turns = np.arctan2(y, x)  # (M,)
        right, down = self._x - middle[0], self._y - middle[1]
        place = (np.arctan2(down, right) + np.pi) * (NUM_DIRECTIONS / (2 * np.pi))
        self._place = place.astype(np.float32)  # of each pixel among the directions
        edge = self._in_all_directions(np.hypot(x, y)[:, None])
        beyond = np.hypot(down, right) / edge - 1
        resting = ((beyond - FOLLOWS) / (REACH - FOLLOWS)).clip(0, 1)
        self._following = ((1 + np.cos(np.pi * resting)) / 2).astype(np.float32)  # (H, W)

    def around(self, outline: Array) -> Picture:
        """Return the portrait as it is when its face ends at `outline` (M, 2) px."""
        shift = self._in_all_directions(outline - self._outline)  # (H, W, 2)
        shown = cv2.remap(
            self._portrait,
            self._x - self._following * shift[..., 0],
            self._y - self._following * shift[..., 1],
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return np.asarray(shown, dtype=np.uint8)

    def _in_all_directions(self, values: Array) -> Field:
        """Return for each pixel what the outline has in its direction: (M, D) to (H, W, D)."""
        columns = [
            np.interp(DIRECTIONS, self._turns, column, period=2 * np.pi) for column in values.T
        ]
        table = np.stack(columns, axis=-1)[None].astype(np.float32)  # (1, directions, D)
        row = np.zeros_like(self._place)
        found = cv2.remap(table, self._place, row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
        return np.asarray(found, dtype=np.float32)
