"""Ears and glasses: what turns with the head and never bends."""

import numpy as np

from talkingface.data.synth.arrays import Array
from talkingface.data.synth.identity import Glasses
from talkingface.data.synth.skull import EYE_X, EYE_Y, Skull

_EAR = np.array(  # (backwards, down) from the upper root, ear height 1
    [
        (0.00, 0.16), (0.06, 0.05), (0.18, -0.01), (0.33, 0.02), (0.44, 0.13), (0.47, 0.30),
        (0.42, 0.48), (0.33, 0.64), (0.27, 0.80), (0.21, 0.93), (0.12, 1.00), (0.03, 0.95),
        (-0.02, 0.84), (-0.03, 0.50),
    ],
    dtype=np.float32,
)  # fmt: skip
_EAR_FOLD = np.array(
    [
        (0.10, 0.22), (0.17, 0.13), (0.28, 0.13), (0.36, 0.24), (0.36, 0.38), (0.29, 0.52),
        (0.22, 0.64), (0.13, 0.68), (0.09, 0.58),
    ],
    dtype=np.float32,
)  # fmt: skip


def ear_outline(skull: Skull, side: float) -> Array:
    """Return the outline of the ear (14, 3) on a side of the picture (-1 or 1)."""
    return _ear_points(skull, side, _EAR)


def ear_fold(skull: Skull, side: float) -> Array:
    """Return the inner line of the ear (9, 3)."""
    return _ear_points(skull, side, _EAR_FOLD)


def _ear_points(skull: Skull, side: float, flat: Array) -> Array:
    size = 0.5 * skull.shape.ear_size
    back, y = flat[:, 0] * size, EYE_Y - 0.08 + flat[:, 1] * size
    root = skull.half_width(np.full_like(y, 0.1)) * 0.975
    flare = np.float32(0.62)
    x = side * (root + back * np.sin(flare))
    return np.stack((x, y, -0.03 - back * np.cos(flare)), axis=-1).astype(np.float32)


def glasses_rims(skull: Skull, style: Glasses, side: float) -> Array:
    """Return the rim of one glass (24, 3)."""
    turn = np.linspace(0, 2 * np.pi, 25)[:-1]
    squareness = 0.5 if style == "square" else 1.0
    cosine, sine = np.cos(turn), np.sin(turn)
    x = 0.225 * np.sign(cosine) * np.abs(cosine) ** squareness
    y = (0.165 if style == "square" else 0.195) * np.sign(sine) * np.abs(sine) ** squareness
    centre = EYE_X * skull.shape.eye_distance
    front = 0.86 - 0.1 * ((x * side + 0.1) ** 2) * 4
    return np.stack((side * centre + x, EYE_Y + 0.03 + y, front), axis=-1).astype(np.float32)


def temple_arm(skull: Skull, side: float) -> Array:
    """Return the arm from the outer edge of the rim to the ear (3, 3)."""
    outer = side * (EYE_X * skull.shape.eye_distance + 0.225)
    wide = side * float(skull.half_width(EYE_Y)) * 1.02
    return np.array(
        [(outer, EYE_Y, 0.8), (wide, EYE_Y - 0.01, 0.45), (wide, EYE_Y, -0.05)], dtype=np.float32
    )
