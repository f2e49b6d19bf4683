"""Mouth: the dark inside, teeth, tongue, and two lips with form and shine."""

import numpy as np

from talkingface.data.synth.arrays import Array, Canvas
from talkingface.data.synth.brush import fill, mixed, ribbon, scaled, stroke, taper
from talkingface.data.synth.features import MOUTH_HALF_WIDTH
from talkingface.data.synth.palette import Colour
from talkingface.data.synth.sitting import Sitting

INSIDE: Colour = (58, 18, 22)
THROAT: Colour = (30, 8, 12)
TONGUE: Colour = (186, 88, 90)
TEETH: Colour = (240, 234, 224)
TEETH_HEIGHT = 0.085  # head units of the upper teeth below the resting lip line


def paint_mouth(canvas: Canvas, sitting: Sitting) -> None:
    """Paint the mouth with all that it shows."""
    upper_outer, upper_inner, lower_inner, lower_outer = (
        sitting.part(f"lip_{name}")[:, :2]
        for name in ("upper_outer", "upper_inner", "lower_inner", "lower_outer")
    )
    gap = float(np.max(lower_inner[:, 1] - upper_inner[:, 1])) / sitting.unit_px
    light = _light_at_mouth(sitting)
    lip = scaled(sitting.head.identity.look.lip, light)
    if gap > 0.008:
        _paint_inside(canvas, sitting, upper_inner, lower_inner, gap, light)
    _paint_lower_lip(canvas, sitting, lower_inner, lower_outer, lip)
    fill(canvas, np.concatenate((upper_outer, upper_inner[::-1])), scaled(lip, 0.87))
    middle = 0.55 * upper_outer + 0.45 * upper_inner
    fill(canvas, np.concatenate((upper_outer, middle[::-1])), scaled(lip, 0.94))
    if sitting.factor("tuck") > 0.3:
        _paint_tucked_teeth(canvas, sitting, upper_inner, lower_inner, light)
    _paint_seam(canvas, sitting, upper_inner, lower_inner, lip, gap)


def _light_at_mouth(sitting: Sitting) -> float:
    """Return the light on the lips: less when the face looks down or away from the lamp."""
    forward = sitting.rotation[:, 2]
    key = np.asarray(sitting.head.identity.look.light)
    facing = float(forward @ key / np.linalg.norm(key))
    return (0.72 + 0.36 * facing) * sitting.head.identity.look.light_strength


def _paint_lower_lip(
    canvas: Canvas, sitting: Sitting, inner: Array, outer: Array, lip: Colour
) -> None:
    fill(canvas, np.concatenate((inner, outer[::-1])), lip)
    low = 0.35 * inner + 0.65 * outer
    fill(canvas, np.concatenate((low, outer[::-1])), scaled(lip, 0.93))
    height = float(np.max(outer[:, 1] - inner[:, 1]))
    if height < 0.03 * sitting.unit_px:
        return
    bright = mixed(lip, (255, 240, 236), 0.24)
    line = (0.62 * inner + 0.38 * outer)[3:-3]
    ribbon(canvas, line, 0.13 * height * taper(len(line)), bright)


def _paint_inside(
    canvas: Canvas, sitting: Sitting, upper: Array, lower: Array, gap: float, light: float
) -> None:
    unit = sitting.unit_px
    fill(canvas, np.concatenate((upper, lower[::-1])), scaled(INSIDE, light))
    if gap > 0.07:
        _paint_between(canvas, upper, lower, 0.2, 0.75, 3, scaled(THROAT, light))
    raised = sitting.factor("tongue")
    if gap > 0.05:
        top = float(np.clip(0.66 - 0.34 * raised, 0.2, 0.8))
        _paint_between(canvas, upper, lower, top, 1.0, 2, scaled(TONGUE, light))
        if raised < 0.5:
            _paint_between(canvas, upper, lower, top + 0.08, top + 0.12, 4, scaled(TONGUE, 0.86))
    # Upper teeth hang from the skull: as far down as the opening leaves room for.
    reach = min(TEETH_HEIGHT * 0.75, gap * 0.62) * unit / max(gap * unit, 1e-6)
    _paint_teeth(canvas, sitting, upper, lower, reach, light)
    if gap > 0.14 or sitting.factor("wide") > 0.45:
        edge = 1 - min(0.24, 0.022 / gap)
        _paint_between(canvas, upper, lower, edge, 1.0, 3, scaled(TEETH, 0.78 * light))


def _paint_between(
    canvas: Canvas,
    upper: Array,
    lower: Array,
    top: float,
    bottom: float,
    inset: int,
    colour: Colour,
) -> None:
    """Fill the part of the opening between two shares of its height, narrowed at the ends."""
    inside = slice(inset, len(upper) - inset)
    count = len(upper) - 2 * inset
    bulge = taper(count, 0, np.pi)[:, None].clip(0) ** 0.5
    high = upper[inside] + (bottom - (bottom - top) * bulge) * (lower - upper)[inside]
    low = upper[inside] + bottom * (lower - upper)[inside]
    fill(canvas, np.concatenate((high, low[::-1])), colour)


def _paint_teeth(
    canvas: Canvas, sitting: Sitting, upper: Array, lower: Array, reach: float, light: float
) -> None:
    inside = slice(1, len(upper) - 1)
    count = len(upper) - 2
    arc = taper(count)[:, None] ** 0.4
    edge = upper[inside] + reach * arc * (lower - upper)[inside]
    colour = scaled(TEETH, min(0.9 * light, 1.0))
    fill(canvas, np.concatenate((upper[inside], edge[::-1])), colour)
    depth = float(np.max(edge[:, 1] - upper[inside][:, 1]))
    if depth < 0.03 * sitting.unit_px:
        return
    seams = scaled(TEETH, 0.76 * light)
    between = [2, 4, 5, 6, 8]
    stroke(
        canvas,
        np.stack((upper[inside][between], edge[between]), axis=1),
        seams,
        0.005 * sitting.unit_px,
    )


def _paint_tucked_teeth(
    canvas: Canvas, sitting: Sitting, upper: Array, lower: Array, light: float
) -> None:
    inside = slice(3, len(upper) - 3)
    drop = np.array([0, 0.02 * sitting.factor("tuck") * sitting.unit_px])
    edge = np.maximum(upper[inside] + drop, 0.5 * (upper + lower)[inside])
    fill(canvas, np.concatenate((upper[inside], edge[::-1])), scaled(TEETH, 0.88 * light))


def _paint_seam(
    canvas: Canvas, sitting: Sitting, upper: Array, lower: Array, lip: Colour, gap: float
) -> None:
    unit = sitting.unit_px
    dark = mixed(scaled(lip, 0.45), (50, 16, 18), 0.4)
    closed = 1.0 if gap < 0.02 else 0.45
    ribbon(canvas, upper, 0.009 * unit * (0.4 + 0.6 * taper(len(upper))) * closed, dark)
    if gap < 0.02:
        return
    corner = 0.012 * unit * MOUTH_HALF_WIDTH / 0.23
    for end in (0, -1):
        near = np.stack((upper[end], 0.5 * (upper + lower)[1 if end == 0 else -2]))
        ribbon(canvas, near, np.array([corner * 0.5, corner * 0.2], np.float32), dark)
