"""Nose and creases: lines that darken the lit skin below them, whatever its light."""

import numpy as np

from talkingface.data.synth.arrays import Mask
from talkingface.data.synth.brush import fill, ribbon, stroke, taper
from talkingface.data.synth.easel import Easel
from talkingface.data.synth.sitting import Sitting

CREASE_TINT = (0.46, 0.36, 0.34)  # what a crease leaves of red, green and blue


def paint_creases(easel: Easel, sitting: Sitting) -> None:
    """Darken the skin along nostrils, wings of the nose, lids, folds, wrinkles and freckles."""
    mask = easel.blank_mask()
    _lids(mask, sitting)
    _smile_folds(mask, sitting)
    _wrinkles(mask, sitting)
    _freckles(mask, sitting)
    _nose(mask, sitting)
    easel.lay(easel.tinted(CREASE_TINT), mask)


def _yaw(sitting: Sitting) -> float:
    return float(np.arctan2(sitting.rotation[0, 2], sitting.rotation[2, 2]))


def _nose(mask: Mask, sitting: Sitting) -> None:
    yaw = _yaw(sitting)
    for name, side in (("left", -1.0), ("right", 1.0)):
        far = yaw * side > 0  # the nose itself hides this side more and more
        shown = max(0.0, 1 - 2.2 * abs(yaw)) if far else 1.0
        wing = sitting.part(f"wing_{name}")
        profile = np.array([0.1, 0.4, 0.8, 1, 0.9, 0.4], dtype=np.float32)
        if shown > 0.1:
            ribbon(mask, wing, 0.009 * sitting.unit_px * profile, 118.0 * shown)
        if not far or abs(yaw) < 0.4:
            fill(mask, sitting.part(f"nostril_{name}"), 225.0)


def _lids(mask: Mask, sitting: Sitting) -> None:
    for part, width, depth in (("crease", 0.007, 120.0), ("lid_lower", 0.0056, 150.0)):
        lines = np.stack([sitting.part(f"{part}_{name}") for name in ("left", "right")])
        ribbon(mask, lines, width * sitting.unit_px * taper(lines.shape[1]), depth)


def _smile_folds(mask: Mask, sitting: Sitting) -> None:
    happy, age = sitting.factor("happy"), sitting.head.skull.shape.age
    yaw = _yaw(sitting)
    shown = [name for name, side in (("left", -1.0), ("right", 1.0)) if yaw * side < 0.3]
    lines = np.stack([sitting.part(f"fold_{name}") for name in shown])
    width = (0.004 + 0.004 * happy) * sitting.unit_px
    depth = min(8 + 40 * age + 70 * happy, 100.0)
    ribbon(mask, lines, width * taper(lines.shape[1]), depth)


def _wrinkles(mask: Mask, sitting: Sitting) -> None:
    """Draw lines on the forehead when brows rise, and between them when they meet."""
    age = sitting.head.skull.shape.age
    raised = max(sitting.factor("surprised"), 0.7 * sitting.factor("brow"))
    depth = min(110.0 * raised * (0.3 + 0.7 * age) + 60 * max(age - 0.45, 0), 130.0)
    left, right = sitting.part("brow_upper_left"), sitting.part("brow_upper_right")
    up = -sitting.rotation[:2, 1]
    if depth > 12:
        path = np.concatenate((left[3:], right[:-3]))[:, :2]
        lines = np.stack([path + up * rise * sitting.unit_px for rise in (0.1, 0.18)])
        ribbon(mask, lines, 0.005 * sitting.unit_px * taper(len(path)), depth)
    frown = max(sitting.factor("angry"), 0.6 * sitting.factor("sad"))
    if frown > 0.15:
        between = 0.25 * (left[-1, :2] + right[0, :2])
        roots = np.stack((0.5 * left[-1, :2] + between, 0.5 * right[0, :2] + between))
        rises = np.array([-0.07, -0.02, 0.05])[:, None] * up * sitting.unit_px
        lines = roots[:, None] + rises
        ribbon(mask, lines, 0.007 * sitting.unit_px * taper(3), 140.0 * frown)


def _freckles(mask: Mask, sitting: Sitting) -> None:
    """Draw the freckles of those who have them, on nose and cheeks."""
    count, number = sitting.head.identity.look.freckles, sitting.head.identity.number
    if not count:
        return
    rng = np.random.default_rng([0xF2EC, number])
    rows, columns = sitting.mesh.shape[:2]
    row = (rng.normal(0.52, 0.06, count) * rows).astype(int).clip(0, rows - 1)
    column = (rng.normal(0.5, 0.17, count) * columns).astype(int).clip(0, columns - 1)
    facing = sitting.normals[row, column, 2] > 0.3
    points = sitting.mesh[row, column][facing]
    stroke(mask, np.repeat(points[:, None], 2, axis=1), 60.0, 0.013 * sitting.unit_px)
