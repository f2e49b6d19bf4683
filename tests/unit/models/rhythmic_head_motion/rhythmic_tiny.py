"""Rhythmic_Head_Motion at a size of milliseconds."""

from collections.abc import Mapping
from dataclasses import fields, replace

import numpy as np
import torch
from torch import Tensor, nn

from talkingface.models.rhythmic_head_motion.model import RhythmicHeadMotion
from talkingface.models.rhythmic_head_motion.rhythmic_config import RhythmicSettings, RhythmicSizes
from tests.unit.models.rhythmic_head_motion import acting_tiny
from tests.unit.models.rhythmic_head_motion.people import PX, talking_people

SIZES = RhythmicSizes(
    **vars(acting_tiny.SIZES),
    image_px=PX,
    channels=(4, 8, 12, 16),
    adaptive_levels=2,
    references=2,
    attention_level=1,
    flow_channels=(4, 8),
    flow_blocks=1,
    quirks="mended",
)


def settings(**changes: object) -> RhythmicSettings:
    """Return settings of tiny networks; sizes and choices by name."""
    names = {one.name for one in fields(RhythmicSizes)}
    sizes = {name: changes.pop(name) for name in list(changes) if name in names}
    few = {
        "network": replace(SIZES, **sizes),  # type: ignore[arg-type]
        "lip_frames": 5,
        "initialization": "torch",
        "discriminator_channels": 4,
    }
    return RhythmicSettings("Rhythmic_Head_Motion", **(few | changes))  # type: ignore[arg-type]


def drawer(**changes: object) -> RhythmicHeadMotion:
    """Return a tiny model, the same each time, ready to generate."""
    torch.manual_seed(0)
    return RhythmicHeadMotion(settings(**changes)).eval()


def learner(
    teachers: Mapping[str, nn.Module] | None = None, **changes: object
) -> RhythmicHeadMotion:
    """Return a tiny model that is ready to learn from `talking_people`."""
    torch.manual_seed(0)
    model = RhythmicHeadMotion(settings(**changes))
    model.start_training(talking_people(), teachers or {})
    return model


def batch_of(model: RhythmicHeadMotion, *phases: str, seed: int = 0) -> dict[str, Tensor]:
    """Return one example of each clip for some phases."""
    prepares = model.preparation_for(phases)
    chance = np.random.default_rng(seed)
    examples = [prepares.example(prepares.prepare(clip), chance) for clip in talking_people()]
    return {
        name: torch.from_numpy(np.stack([one[name] for one in examples])) for name in examples[0]
    }
