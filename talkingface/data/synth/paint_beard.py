"""The moustache: drawn sharp. The rest of a beard is part of the complexion."""

import numpy as np

from talkingface.data.synth.arrays import Array, Canvas
from talkingface.data.synth.brush import fill, scaled, stroke
from talkingface.data.synth.palette import Colour
from talkingface.data.synth.sitting import Sitting


def paint_moustache(canvas: Canvas, sitting: Sitting) -> None:
    """Paint a moustache between nose and upper lip."""
    look = sitting.head.identity.look
    if look.beard not in {"moustache", "goatee", "full"}:
        return
    lip = sitting.part("lip_upper_outer")[:, :2]
    base = sitting.part("nose_base")[:, :2]
    middle = 0.35 * lip[6] + 0.65 * base[2]
    for half, corner in ((lip[6::-1], lip[0]), (lip[6:], lip[12])):
        out = corner - middle
        top = np.stack([middle + out * share for share in np.linspace(0, 1.02, 7)])
        arch = np.sin(np.linspace(0.35, np.pi, 7))[:, None]
        top = top + (base[2] - lip[6]) * 0.42 * arch
        low = half + (base[2] - lip[6]) * 0.04
        fill(canvas, np.concatenate((top, low[::-1])), look.brow)
        _paint_hairs(canvas, top, low, scaled(look.brow, 1.22), sitting.unit_px)


def _paint_hairs(canvas: Canvas, top: Array, low: Array, colour: Colour, unit: float) -> None:
    roots = 0.85 * top[1:-1] + 0.15 * low[1:-1]
    stroke(canvas, np.stack((roots, low[2:]), axis=1), colour, 0.006 * unit)
