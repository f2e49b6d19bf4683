"""The five factors of a face's motion: their places in the style, and their way over time.

A motion is a row of numbers for each frame, `[lip | emotion | eye | pose]`, which follows the
appearance in the style. Of the six numbers of the eyes four are the blink and two the gaze.
"""

from collections.abc import Mapping, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from talkingface.job import ControlName

EYE_WIDTH, POSE_WIDTH = 6, 6
BLINK, GAZE = (0, 1, 4, 5), (2, 3)  # of the eyes' numbers; known from the authors' masks alone
ANGLE_UNIT = 0.2  # radians; so the codes of angles are about as large as the others


def places(lip_width: int, emotion_width: int) -> Mapping[ControlName, tuple[int, ...]]:
    """Return the columns of each factor in a motion.

    >>> places(2, 1)["gaze"]
    (5, 6)
    """
    eye = lip_width + emotion_width
    pose = eye + EYE_WIDTH
    return {
        "lip": tuple(range(lip_width)),
        "emotion": tuple(range(lip_width, eye)),
        "blink": tuple(eye + column for column in BLINK),
        "gaze": tuple(eye + column for column in GAZE),
        "pose": tuple(range(pose, pose + POSE_WIDTH)),
    }


def motion_width(lip_width: int, emotion_width: int) -> int:
    """Return the length of a motion."""
    return lip_width + emotion_width + EYE_WIDTH + POSE_WIDTH


def smoothed_lips(codes: Tensor) -> Tensor:
    """Return lip codes (T + 2, ...) smoothed to (T, ...) by a Gaussian of one frame's width."""
    near = torch.exp(torch.tensor(-0.5)).item()
    whole = 1 + 2 * near
    return (near * codes[:-2] + codes[1:-1] + near * codes[2:]) / whole


def smoothed_poses(codes: Tensor) -> Tensor:
    """Return pose codes (T, D), each as the mean of itself and its neighbours, where it has them.

    >>> smoothed_poses(torch.tensor([[0.0], [3.0], [9.0]])).ravel().tolist()
    [1.5, 4.0, 6.0]
    """
    framed = F.pad(codes, (0, 0, 1, 1))
    there = F.pad(torch.ones_like(codes[:, :1]), (0, 0, 1, 1))
    return _sum_of_three(framed) / _sum_of_three(there)


def _sum_of_three(x: Tensor) -> Tensor:
    return x[:-2] + x[1:-1] + x[2:]


def code_of_angles(angles: Sequence[float], width: int) -> Tensor:
    """Return the code (1, width) of angles in radians, where codes begin with angles.

    The pose begins with yaw, pitch and roll, the gaze is how far to the right and up.

    >>> code_of_angles((0.1, -0.2), 2).tolist()
    [[0.5, -1.0]]
    """
    code = torch.zeros(1, width)
    code[0, : len(angles)] = torch.tensor(angles) / ANGLE_UNIT
    return code
