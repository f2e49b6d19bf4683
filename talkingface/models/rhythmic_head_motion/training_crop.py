"""Which frames can be used, and where a training sample is cut out of them.

Paper: arXiv:2007.08547, section 4. References, target and rendered face of a sample are cut by one
draw, each around its own landmarks.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from talkingface.face.align.crop import RectangleCrop

SIZES, SHIFTS = (0.8, 1.2), (-0.2, 0.2)
ABOVE, BELOW = 1.25, 0.75  # of half the height: there is more head above the landmarks


@dataclass(frozen=True)
class CropDraw:
    """How a sample is cut out: sizes to the width of the landmarks, shifts to these sizes."""

    half_width: float = 1.0
    half_height: float = 1.0
    shift_x: float = 0.0
    shift_y: float = 0.0

    def around(self, landmarks: NDArray[np.floating], size: int = 256) -> RectangleCrop:
        """Return the crop to `size` pixels around landmarks (68, 2 or more)."""
        low, high = landmarks[:, :2].min(axis=0), landmarks[:, :2].max(axis=0)
        width, height = (high[0] - low[0]) * np.array([self.half_width, self.half_height])
        x, y = (low + high) / 2 + np.array([self.shift_x * width, self.shift_y * height])
        edges = (x - width, y - ABOVE * height, x + width, y + BELOW * height)
        left, top, right, bottom = (int(edge) for edge in edges)
        return RectangleCrop(left, top, right, bottom, size)


def draw_crop(chance: np.random.Generator) -> CropDraw:
    """Return a draw for a training sample."""
    half_width, half_height = chance.uniform(*SIZES, size=2)
    shift_x, shift_y = chance.uniform(*SHIFTS, size=2)
    return CropDraw(float(half_width), float(half_height), float(shift_x), float(shift_y))


def usable_frames(landmarks: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Return in which frames landmarks (T, 68, 2 or more) have an extent in whole pixels, (T,)."""
    whole = landmarks[..., :2].astype(np.int64)
    result: NDArray[np.bool_] = (whole.max(axis=1) > whole.min(axis=1)).all(axis=1)
    return result
