"""The factors of a frame: everything that moves, as one row of numbers.

Factors are independent of each other and of the person, so any row can be given to anyone.
"""

from typing import Final

import numpy as np

from talkingface.data.synth.arrays import Array

FACTOR_NAMES: Final = (
    "yaw",  # radians, positive turns the nose to the right of the picture
    "pitch",  # radians, positive lowers the nose
    "roll",  # radians, positive turns clockwise in the picture
    "shift_x",  # head units to the right
    "shift_y",  # head units down
    "open",  # 0 to 1, the jaw
    "wide",  # -1 to 1, corners of the lips pulled apart
    "round",  # 0 to 1, lips pushed forward
    "press",  # 0 to 1, lips closed upon each other (P, B, M)
    "tuck",  # 0 to 1, lower lip at the upper teeth (F, V)
    "tongue",  # 0 to 1, tip of the tongue raised (T, D, L, TH)
    "blink",  # 0 open, 1 closed
    "gaze_x",  # -1 to 1, to the right of the picture
    "gaze_y",  # -1 to 1, down
    "brow",  # -1 to 1, raised by emphasis
    "happy",  # 0 to 1, as are the three below; all 0 is neutral
    "sad",
    "angry",
    "surprised",
)
FACTOR_INDEX: Final = {name: index for index, name in enumerate(FACTOR_NAMES)}
EMOTIONS: Final = ("neutral", "happy", "sad", "angry", "surprised")

FACTOR_GROUPS: Final = {
    "pose": ("yaw", "pitch", "roll", "shift_x", "shift_y"),
    "lip": ("open", "wide", "round", "press", "tuck", "tongue"),
    "blink": ("blink",),
    "gaze": ("gaze_x", "gaze_y"),
    "emotion": ("brow", "happy", "sad", "angry", "surprised"),
}  # one for each control of a job


def neutral_factors(num_frames: int = 1) -> Array:
    """Return factors (T, 19) of a face at rest that looks into the camera."""
    return np.zeros((num_frames, len(FACTOR_NAMES)), dtype=np.float32)


def factor_row(**values: float) -> Array:
    """Return one row of factors (19,), neutral but for the named values.

    >>> float(factor_row(yaw=0.5)[0])
    0.5
    """
    row = neutral_factors().reshape(-1)
    for name, value in values.items():
        row[FACTOR_INDEX[name]] = value
    return row


def columns_of(group: str) -> list[int]:
    """Return the columns of a factor group: pose, lip, blink, gaze or emotion."""
    return [FACTOR_INDEX[name] for name in FACTOR_GROUPS[group]]


def exchanged(factors: Array, group: str, other: Array) -> Array:
    """Return `factors` with one group taken from `other`; both (..., 19)."""
    mixed = factors.copy()
    columns = columns_of(group)
    mixed[..., columns] = other[..., columns]
    return mixed
