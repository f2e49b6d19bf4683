"""Where the head stands in the picture: rotation, framing, projection.

The projection is parallel: a head unit is as long in front as behind. The neutral mouth is pinned,
as in the alignment that PC-AVS and PD-FGC expect; head turns and lip movements remain.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from talkingface.data.synth.arrays import Array
from talkingface.data.synth.factors import FACTOR_INDEX


@dataclass(frozen=True)
class Framing:
    """Place and size of the head, as shares of the side of a square picture."""

    mouth_x: float
    mouth_y: float
    head_unit: float

    def unit_px(self, size: int) -> float:
        """Return the pixels of a head unit in a picture of `size` pixels."""
        return self.head_unit * size


CROP = Framing(112 / 224, 139 / 224, 104 / 224)
"""What the networks of PC-AVS see: the aligned picture after their own crop."""

ALIGNED = Framing(112 / 224, 139 / 224 * 192 / 224, 104 / 224 * 192 / 224)
"""The aligned file before that crop (rows 0 to 191, columns 16 to 207 of 224)."""

PORTRAIT = Framing(100 / 205, 0.605, 0.322)
"""The wider crop of Rhythmic head motion: eyes at (100, 80) of 205, a face of 90."""

FramingName = Literal["face", "head"]
FRAMINGS: Final[Mapping[FramingName, Framing]] = {"face": CROP, "head": PORTRAIT}
"""What frames of a corpus may show."""


def rotation(factors: Array) -> Array:
    """Return rotations (T, 3, 3) of factors (T, F): R = Rz(roll) Ry(yaw) Rx(pitch).

    A point p of the head (x right, y down, z towards the viewer) stands at R p in the picture.
    """
    yaw, pitch, roll = (factors[:, FACTOR_INDEX[name]] for name in ("yaw", "pitch", "roll"))
    zero, one = np.zeros_like(yaw), np.ones_like(yaw)

    def matrix(*entries: Array) -> Array:
        return np.stack(entries, axis=-1).reshape(-1, 3, 3)

    cx, sx, cy, sy, cz, sz = (f(a) for a in (pitch, yaw, roll) for f in (np.cos, np.sin))
    about_x = matrix(one, zero, zero, zero, cx, sx, zero, -sx, cx)
    about_y = matrix(cy, zero, sy, zero, one, zero, -sy, zero, cy)
    about_z = matrix(cz, -sz, zero, sz, cz, zero, zero, zero, one)
    return (about_z @ about_y @ about_x).astype(np.float32)


def translation(
    rotations: Array, factors: Array, anchor: Array, framing: Framing, size: int
) -> Array:
    """Return translations (T, 3) in pixels that pin the turned mouth `anchor` (3,), plus shift."""
    unit = framing.unit_px(size)
    pinned = np.array([framing.mouth_x * size - 0.5, framing.mouth_y * size - 0.5], np.float32)
    shift = factors[:, [FACTOR_INDEX["shift_x"], FACTOR_INDEX["shift_y"]]]
    turned = (rotations @ anchor)[:, :2]
    flat = pinned + unit * (shift - turned)
    return np.concatenate((flat, np.zeros_like(flat[:, :1])), axis=1).astype(np.float32)


def placed(points: Array, rotations: Array, translations: Array, unit_px: float) -> Array:
    """Return points (T, N, 3) of the picture, in pixels, for points (T or 1, N, 3) of the head."""
    turned = points @ np.swapaxes(rotations, 1, 2)
    return (unit_px * turned + translations[:, None]).astype(np.float32)
