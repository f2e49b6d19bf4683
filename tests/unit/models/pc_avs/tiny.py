"""PC_AVS at a size of milliseconds, and people who talk for half a second."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import torch
from torch import Tensor, nn

from talkingface.clip import Clip, FrameArray
from talkingface.data.synth import person, render_frames
from talkingface.data.synth.clips import known_of, perform
from talkingface.data.synth.recipe import ClipPlan
from talkingface.media import SpeechArray
from talkingface.models.base import Preparation
from talkingface.models.pc_avs.config import PCAVSSettings
from talkingface.models.pc_avs.model import PCAVS
from tests import narrow_pc_avs

PX = 64
SIZES = replace(narrow_pc_avs.SIZES, image_px=PX, generator_channels=(8, 8, 4, 4))
PEOPLE = (998_000, 998_001, 998_002)  # of no corpus


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


@cache
def talking_people() -> tuple[Clip, ...]:
    """Return a clip of fifteen frames, with all that is known of it, for each of the people."""
    return tuple(map(talking, PEOPLE))


def talking(number: int) -> Clip:
    """Return a clip of fifteen frames of one person."""
    plan = ClipPlan(f"clip-{number}", "test", number, number, number, 0.6, 25, "formant", False, PX)
    done, who = perform(plan), person(number)
    return Clip(
        plan.name,
        FrameArray(np.stack(list(render_frames(who, done.factors, PX)))),
        SpeechArray(done.spoken.waveform),
        who.name,
        known_of(who, lambda: done.factors, PX),
    )


def batch_of(
    preparation: Preparation, clips: Sequence[Clip] | None = None, seed: int = 0
) -> dict[str, Tensor]:
    """Return one example of each clip."""
    chance = np.random.default_rng(seed)
    examples = [
        preparation.example(preparation.prepare(clip), chance) for clip in clips or talking_people()
    ]
    return {
        name: torch.from_numpy(np.stack([one[name] for one in examples])) for name in examples[0]
    }
