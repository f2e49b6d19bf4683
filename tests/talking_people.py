"""People who talk for half a second at 64 px, all of it known, and batches of what is learnt."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import torch
from torch import Tensor

from talkingface.clip import Clip, FrameArray
from talkingface.data.synth import person, render_frames
from talkingface.data.synth.clips import known_of, perform
from talkingface.data.synth.recipe import ClipPlan
from talkingface.media import SpeechArray
from talkingface.models.base import Preparation

PX = 64
PEOPLE = (998_000, 998_001, 998_002)  # of no corpus


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
