"""Ears and glasses."""

import cv2
import numpy as np

from talkingface.data.synth.arrays import Array, Canvas
from talkingface.data.synth.brush import fill, mixed, ribbon, scaled, stroke, taper
from talkingface.data.synth.sitting import Sitting


def paint_ear(canvas: Canvas, sitting: Sitting, name: str) -> None:
    """Paint one ear with its fold."""
    look, unit = sitting.head.identity.look, sitting.unit_px
    side = -1.0 if name == "left" else 1.0
    lit = 0.84 + 0.16 * side * look.light[0]
    skin = scaled(mixed(look.skin, (206, 92, 72), 0.1), lit * look.light_strength)
    outline = sitting.part(f"ear_{name}")[:, :2]
    fill(canvas, outline, skin)
    fold = sitting.part(f"ear_fold_{name}")[:, :2]
    fill(canvas, fold, scaled(skin, 0.78))
    ribbon(canvas, fold, 0.012 * unit * taper(len(fold), 0.3), scaled(skin, 0.62))
    rim = outline[1:9]
    ribbon(canvas, rim, np.full(len(rim), 0.007 * unit, np.float32), scaled(skin, 1.1))


def ear_is_in_front(sitting: Sitting, name: str) -> bool:
    """Return whether the ear is on the side that is turned towards the viewer."""
    side = -1.0 if name == "left" else 1.0
    yaw = float(np.arctan2(sitting.rotation[0, 2], sitting.rotation[2, 2]))
    return yaw * side < -0.02


def paint_glasses(canvas: Canvas, sitting: Sitting) -> None:
    """Paint rims, bridge and arms, with a faint reflection on the glass."""
    look, unit = sitting.head.identity.look, sitting.unit_px
    if look.glasses == "none":
        return
    colour = look.glasses_colour
    thick = (0.03 if look.glasses == "square" else 0.022) * unit
    rims = [sitting.part(f"rim_{name}") for name in ("left", "right")]
    for name in ("left", "right"):
        if ear_is_in_front(sitting, name) or abs(sitting.factor("yaw")) < 0.12:
            stroke(canvas, [sitting.part(f"arm_{name}")[:, :2]], scaled(colour, 0.8), 0.8 * thick)
    for rim in rims:
        _paint_reflection(canvas, rim)
    stroke(canvas, [rim[:, :2] for rim in rims], colour, thick, closed=True)
    bridge = np.stack((rims[0][1], 0.5 * (rims[0][2] + rims[1][10]), rims[1][11]))
    stroke(canvas, [bridge], colour, thick)


def _paint_reflection(canvas: Canvas, rim: Array) -> None:
    left, top = np.clip(np.floor(rim[:, :2].min(axis=0)), 0, len(canvas) - 1).astype(int)
    right, bottom = np.clip(np.ceil(rim[:, :2].max(axis=0)) + 1, 1, len(canvas)).astype(int)
    if right - left < 3 or bottom - top < 3:
        return
    window = canvas[top:bottom, left:right]
    glass = np.ascontiguousarray(window)
    centre = rim[:, :2].mean(axis=0)
    shine = centre + 0.86 * (rim[[13, 15, 17, 20], :2] - centre) - [left, top]
    fill(glass, shine.astype(np.float32), (250.0, 252.0, 255.0))
    window[:] = cv2.addWeighted(window, 0.91, glass, 0.09, 0)
