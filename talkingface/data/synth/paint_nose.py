"""Nose and creases: lines that darken the lit skin below them, whatever its light."""

import numpy as np

from talkingface.data.synth.arrays import Array, Mask
from talkingface.data.synth.brush import fill, ribbon, stroke
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


def _taper(count: int) -> Array:
    return np.sin(np.linspace(0.08, np.pi - 0.08, count)).astype(np.float32)


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
    for name in ("left", "right"):
        crease, lower = sitting.part(f"crease_{name}"), sitting.part(f"lid_lower_{name}")
        width = 0.007 * sitting.unit_px * _taper(len(crease))
        ribbon(mask, crease, width, 120.0)
        ribbon(mask, lower, 0.8 * width, 150.0)


def _smile_folds(mask: Mask, sitting: Sitting) -> None:
    happy, age = sitting.factor("happy"), sitting.head.skull.shape.age
    depth = min(12 + 75 * age + 80 * happy, 150.0)
    for name, side in (("left", -1.0), ("right", 1.0)):
        if _yaw(sitting) * side < 0.3:
            line = sitting.part(f"fold_{name}")
            width = (0.005 + 0.004 * happy) * sitting.unit_px * _taper(len(line))
            ribbon(mask, line, width, depth)


def _wrinkles(mask: Mask, sitting: Sitting) -> None:
    """Draw lines on the forehead when brows rise, and between them when they meet."""
    age = sitting.head.skull.shape.age
    raised = max(sitting.factor("surprised"), 0.7 * sitting.factor("brow"))
    depth = min(110.0 * raised * (0.3 + 0.7 * age) + 60 * max(age - 0.45, 0), 130.0)
    left, right = sitting.part("brow_upper_left"), sitting.part("brow_upper_right")
    up = -sitting.rotation[:2, 1]
    if depth > 12:
        path = np.concatenate((left[3:], right[:-3]))[:, :2]
        for rise in (0.1, 0.18):
            line = path + up * rise * sitting.unit_px
            ribbon(mask, line, 0.005 * sitting.unit_px * _taper(len(line)), depth)
    frown = max(sitting.factor("angry"), 0.6 * sitting.factor("sad"))
    if frown > 0.15:
        for end in (left[-1, :2], right[0, :2]):
            root = 0.5 * end + 0.25 * (left[-1, :2] + right[0, :2])
            line = np.stack([root + up * rise * sitting.unit_px for rise in (-0.07, -0.02, 0.05)])
            ribbon(mask, line, 0.007 * sitting.unit_px * _taper(3), 140.0 * frown)


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
