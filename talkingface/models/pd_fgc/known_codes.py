"""Which codes drawn faces should have: their factors are known, so codes can be taught directly.

Angles have the unit of `factors.ANGLE_UNIT`. A code that follows nothing is zero, which is the
calm frontal face to which a factor without a source returns.
"""

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

from talkingface.data.synth import FACTOR_GROUPS, FACTOR_NAMES
from talkingface.data.synth.paint_eyes import GAZE_REACH
from talkingface.models.pd_fgc.factors import ANGLE_UNIT, BLINK, EYE_WIDTH, GAZE, POSE_WIDTH

SHIFT_UNIT = 0.03  # head units; this and the next two are about as far as talking people go
BLINK_UNIT = 0.3
MOOD_UNIT = 0.3
LIP_UNIT = 0.3
NUM_MOODS = len(FACTOR_GROUPS["emotion"])

Named = Mapping[str, Tensor]  # (B,) each


def named(factors: Tensor) -> Named:
    """Return rows of SynthTalk's factors (B, 19) by name."""
    return dict(zip(FACTOR_NAMES, factors.unbind(dim=1), strict=True))


def pose_code(factors: Named) -> Tensor:
    """Return yaw, pitch, roll, and how far the head is shifted to the right and down, (B, 6)."""
    turns = [factors[name] / ANGLE_UNIT for name in ("yaw", "pitch", "roll")]
    shifts = [factors[name] / SHIFT_UNIT for name in ("shift_x", "shift_y")]
    return F.pad(torch.stack([*turns, *shifts], dim=1), (0, POSE_WIDTH - 5))


def eye_code(factors: Named) -> Tensor:
    """Return how far the lids are closed, four times, and the gaze to the right and up, (B, 6)."""
    across, down = GAZE_REACH
    code = torch.stack([factors["blink"] / BLINK_UNIT] * EYE_WIDTH, dim=1)
    code[:, GAZE[0]] = factors["gaze_x"] * across / ANGLE_UNIT
    code[:, GAZE[1]] = -factors["gaze_y"] * down / ANGLE_UNIT
    return code


def emotion_code(factors: Named, width: int) -> Tensor:
    """Return how far the brows are raised and how strong each mood is, (B, width)."""
    moods = torch.stack([factors[name] for name in FACTOR_GROUPS["emotion"]], dim=1)
    return F.pad(moods / MOOD_UNIT, (0, width - NUM_MOODS))


def lip_shape(factors: Named) -> Tensor:
    """Return what the lips do, (B, 6): no code, but what seen lips should tell."""
    return torch.stack([factors[name] for name in FACTOR_GROUPS["lip"]], dim=1) / LIP_UNIT


def code_errors(codes: Mapping[str, Tensor], factors: Named) -> dict[str, Tensor]:
    """Return how far codes are off, by what they are codes of.

    Closed eyes look nowhere, so the gaze counts as far as they are open.

    Args:
        codes: (B, D) each; of ``pose``, ``eyes``, ``emotion`` and ``lips`` any.
        factors: what is true of the faces.
    """
    found: dict[str, Tensor] = {}
    if "pose" in codes:
        found["pose"] = F.smooth_l1_loss(codes["pose"].float(), pose_code(factors))
    if "eyes" in codes:
        errors = F.smooth_l1_loss(codes["eyes"].float(), eye_code(factors), reduction="none")
        is_open = 1 - factors["blink"][:, None]
        found["blink"] = errors[:, BLINK].mean()
        found["gaze"] = (errors[:, GAZE] * is_open).mean()
    if "emotion" in codes:
        true = emotion_code(factors, codes["emotion"].shape[1])
        found["emotion"] = F.smooth_l1_loss(codes["emotion"].float(), true)
    if "lips" in codes:
        found["lip_shape"] = F.smooth_l1_loss(codes["lips"].float(), lip_shape(factors))
    return found
