"""People of SynthTalk who talk for a moment, as heads and shoulders."""

from functools import cache

import numpy as np

from talkingface.clip import Clip, FrameArray
from talkingface.data.synth import person, render_frames
from talkingface.data.synth.clips import known_of, perform
from talkingface.data.synth.recipe import ClipPlan
from talkingface.job import Control, Job
from talkingface.media import SpeechArray

PX = 64
NUM_FRAMES = 32
PEOPLE = (997_000, 997_001, 997_002)  # of no corpus


@cache
def talking_people() -> tuple[Clip, ...]:
    """Return a clip of 32 frames, with all that is known of it, for each of the people."""
    return tuple(map(talking, PEOPLE))


def talking(number: int, size: int = PX) -> Clip:
    """Return a clip of one person."""
    seconds = NUM_FRAMES / 25
    plan = ClipPlan(
        f"clip-{number}", "test", *[number] * 3, seconds, 25, "formant", False, size, "head"
    )
    done, who = perform(plan), person(number)
    return Clip(
        plan.name,
        FrameArray(np.stack(list(render_frames(who, done.factors, size, plan.framing)))),
        SpeechArray(done.spoken.waveform),
        who.name,
        known_of(who, lambda: done.factors, size, plan.framing),
    )


def job_of(clip: Clip, **sources: object) -> Job:
    """Return the job of a clip's first frame saying what is said in it."""
    controls = {name: Control(source) for name, source in sources.items()}
    return Job(clip.name, (clip.frames.pictures[0],), clip.speech, controls, subject=clip)
