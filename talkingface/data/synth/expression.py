"""How a face moves: one displacement field for each movement, the same for all people.

A field says how far a point of the neutral face moves when the movement is at full strength.
Frames then are linear: points = neutral + movements @ fields. What is not linear (closed lips beat
an open jaw) happens before, in `strengths`.
"""

import numpy as np

from talkingface.data.synth.arrays import Array
from talkingface.data.synth.factors import FACTOR_INDEX
from talkingface.data.synth.skull import EYE_X, EYE_Y, MOUTH_Y, Skull

MOVEMENTS = (
    "open", "wide", "round", "press", "tuck", "smile", "frown", "brow_up", "brow_sad",
    "brow_angry", "squint",
)  # fmt: skip
JAW_DROP = 0.17  # head units by which the chin falls when the mouth is wide open
MOUTH_GAP = 0.30  # head units between the lips when the mouth is wide open


def strengths(factors: Array) -> Array:
    """Return the strength of each movement (T, 11) for factors (T, F).

    Press and tuck multiply the opening down, so that P, B and M close whatever the vowels want.
    """
    named = {name: factors[:, index] for name, index in FACTOR_INDEX.items()}
    closing = (1 - named["press"]) * (1 - 0.85 * named["tuck"])
    happy, sad = named["happy"], named["sad"]
    angry, surprised = named["angry"], named["surprised"]
    opening = (named["open"] + 0.12 * surprised) * closing
    columns = (
        opening,
        named["wide"] + 0.35 * happy - 0.1 * angry - 0.15 * surprised,
        named["round"],
        np.clip(named["press"] + 0.25 * angry, 0, 1),
        named["tuck"],
        happy,
        0.9 * sad + 0.6 * angry,
        named["brow"] + surprised + 0.15 * happy,
        sad,
        angry,
        0.75 * happy + 0.5 * angry,
    )
    return np.stack(columns, axis=1).astype(np.float32)


def lid_opening(factors: Array) -> Array:
    """Return how far the eyes are open (T,): 0 closed, 1 as in rest, more in surprise."""
    named = {name: factors[:, index] for name, index in FACTOR_INDEX.items()}
    mood = 1 + 0.3 * named["surprised"] - 0.22 * named["sad"] - 0.1 * named["angry"]
    looking_down = 1 - 0.25 * np.clip(named["gaze_y"], 0, 1)
    opening = (1 - named["blink"]) * (mood - 0.1 * named["happy"]) * looking_down
    return np.asarray(opening, dtype=np.float32)


def skin_fields(skull: Skull, points: Array) -> Array:
    """Return the movement fields (11, N, 3) at neutral skin points (N, 3)."""
    x, y = points[:, 0], points[:, 1]
    across = np.abs(x)
    side = np.sign(x)
    front = np.clip(points[:, 2] * 3, 0, 1)

    def near(centre_x: float, centre_y: float, wide: float, high: float) -> Array:
        exponent = ((across - centre_x) / wide) ** 2 + ((y - centre_y) / high) ** 2
        return np.asarray(np.exp(-exponent) * front, dtype=np.float32)

    below_mouth = np.clip((y - MOUTH_Y + 0.02) / 0.14, 0, 1)
    jaw = _smooth(below_mouth) * np.clip(points[:, 2] * 1.6 + 0.1, 0, 1)
    above_mouth = near(0.0, MOUTH_Y - 0.09, 0.2, 0.07)
    round_mouth = near(0.0, MOUTH_Y, 0.26, 0.2)
    corner = near(0.25, MOUTH_Y, 0.13, 0.11)
    cheek = near(0.38, MOUTH_Y - 0.28, 0.17, 0.15)
    brow = near(0.26, EYE_Y - 0.26, 0.26, 0.17)
    inner_brow = near(0.12, EYE_Y - 0.25, 0.13, 0.15)
    eye_x = EYE_X * skull.shape.eye_distance
    under_eye = near(eye_x, EYE_Y + 0.14, 0.15, 0.06)
    zero = np.zeros_like(x)

    def field(dx: Array, dy: Array, dz: Array) -> Array:
        return np.stack((dx, dy, dz), axis=-1)

    fields = (
        field(-0.04 * x * jaw, JAW_DROP * jaw - 0.03 * above_mouth, -0.07 * jaw),
        field(0.045 * side * corner, zero, -0.01 * corner),
        field(-0.075 * side * corner, zero, 0.05 * round_mouth),
        field(zero, zero, -0.02 * round_mouth),
        field(zero, -0.015 * round_mouth, zero),
        field(
            0.05 * side * corner + 0.02 * side * cheek,
            -0.045 * corner - 0.04 * cheek,
            0.055 * cheek - 0.015 * corner,
        ),
        field(zero, 0.035 * corner, zero),
        field(zero, -0.09 * brow, zero),
        field(-0.02 * side * inner_brow, -0.075 * inner_brow + 0.02 * (brow - inner_brow), zero),
        field(-0.03 * side * inner_brow, 0.06 * inner_brow, 0.015 * inner_brow),
        field(zero, -0.03 * under_eye, 0.012 * under_eye),
    )
    return np.stack(fields).astype(np.float32)


def lip_fields(width: float, points: Array, across: Array, rise: Array, lower: bool) -> Array:
    """Return the movement fields (11, N, 3) of one line of the lips.

    Args:
        width: half the width of the mouth in head units.
        points: (N, 3) neutral line from the left corner of the picture to the right one.
        across: (N,) place on the line, -1 to 1.
        rise: (N,) how far the line stands off the line between the lips, y up is negative.
        lower: whether the line belongs to the lower lip.
    """
    arch = np.sqrt(np.clip(1 - across**2, 0, 1))
    gap = MOUTH_GAP * arch**0.8
    opening = 0.78 * gap if lower else -0.22 * gap
    zero = np.zeros_like(across)
    bow = across**2

    def field(dx: Array, dy: Array, dz: Array) -> Array:
        return np.stack((dx, dy, dz), axis=-1)

    inward = -0.36 * width * across
    fields = (
        field(-0.10 * width * across, opening + 0.02 * (1 - arch), -0.05 * arch * lower),
        field(0.20 * width * across, -0.18 * rise, -0.02 * np.abs(across)),
        field(inward, 0.28 * rise, 0.075 * arch),
        field(0.02 * width * across, -0.55 * rise, -0.02 * arch),
        field(zero, (-0.035 * arch - 0.3 * rise) if lower else -0.012 * arch, -0.03 * arch * lower),
        field(0.17 * width * across, -0.075 * bow + 0.012 * arch - 0.1 * rise, -0.02 * bow),
        field(-0.03 * width * across, 0.055 * bow - 0.012 * arch, zero[:]),
        *(np.zeros_like(points) for _ in range(4)),
    )
    return np.stack(fields).astype(np.float32)


def _smooth(share: Array) -> Array:
    return share * share * (3 - 2 * share)
