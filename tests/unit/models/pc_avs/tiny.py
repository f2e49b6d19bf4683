"""PC_AVS at a size of milliseconds, and people who talk for half a second."""

from collections.abc import Mapping
from dataclasses import replace

import torch
from torch import nn

from talkingface.models.pc_avs.config import PCAVSSettings
from talkingface.models.pc_avs.model import PCAVS
from tests import narrow_pc_avs
from tests.talking_people import PEOPLE, PX, batch_of, talking_people

__all__ = ["PEOPLE", "PX", "SIZES", "batch_of", "learner", "settings", "talking_people"]

SIZES = replace(narrow_pc_avs.SIZES, image_px=PX, generator_channels=(8, 8, 4, 4))


def settings(**changes: object) -> PCAVSSettings:
    """Return settings of tiny networks."""
    few = {"network": SIZES, "clip_frames": 4, "joined_frames": 2, "discriminator_channels": 4}
    return PCAVSSettings("PC_AVS", **(few | changes))  # type: ignore[arg-type]


def learner(teachers: Mapping[str, nn.Module] | None = None, **changes: object) -> PCAVS:
    """Return a tiny model that is ready to learn from `talking_people`."""
    torch.manual_seed(0)
    model = PCAVS(settings(**changes))
    model.start_training(talking_people(), teachers or {})
    return model
