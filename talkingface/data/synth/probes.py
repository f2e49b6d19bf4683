"""Jobs in which one control moves and all others rest: what real data cannot give.

A person looks into the camera with a neutral face and says nothing. Then one factor moves as it
does in a clip, shown by somebody else, or the clip's speech is heard; nothing else changes.
"""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from talkingface.clip import Clip
from talkingface.data.synth.arrays import Array
from talkingface.data.synth.camera import Framing
from talkingface.data.synth.driving import factors_of, framing_of, ping_pong, rendered
from talkingface.data.synth.factors import exchanged, neutral_factors
from talkingface.data.synth.identity import person_named
from talkingface.data.synth.rendering import render
from talkingface.data.synth.voice import SAMPLE_RATE_HZ
from talkingface.errors import DataError
from talkingface.job import CONTROL_NAMES, Control, ControlName, Job
from talkingface.media import SpeechArray

FPS = Fraction(25)


@dataclass(frozen=True)
class Probe:
    """A job in which one control moves, and what a perfect method makes of it."""

    moved: ControlName | None  # None: everything rests
    job: Job
    answer: Clip


def probes(clip: Clip, other: Clip, num_frames: int, image_px: int) -> list[Probe]:
    """Return the job in which all rests, and one for each control.

    Args:
        clip: of a drawn person, who is moved by its factors and its speech.
        other: of a drawn person, who shows the movement.
        num_frames: of each job.
        image_px: side of the frames.

    Raises:
        DataError: a clip is not drawn, or has no speech.
    """
    if clip.speech is None:
        raise DataError(f"{clip.name} has no sound, so its lips cannot be moved.")
    moving, rest = ping_pong(factors_of(clip), num_frames), neutral_factors(num_frames)
    framing = framing_of(clip)
    portrait = render(person_named(clip.identity), rest[0], image_px, framing)
    still = Control(rendered(other.identity, rest, image_px, f"{other.name}_rest", framing))
    resting = {one: Control() if one == "lip" else still for one in CONTROL_NAMES}
    num_samples = round(num_frames * SAMPLE_RATE_HZ / FPS)
    silence = SpeechArray(np.zeros(num_samples, np.float32), SAMPLE_RATE_HZ)
    heard = np.resize(clip.speech.read(SAMPLE_RATE_HZ), num_samples)
    nothing = Job(f"{clip.name}_rest", (portrait,), silence, resting)
    found = [_probe(None, clip, nothing, rest, image_px, framing)]
    for moved in CONTROL_NAMES:
        factors = exchanged(rest, moved, moving)
        job = replace(nothing, name=f"{clip.name}_{moved}")
        if moved == "lip":
            job = replace(job, speech=SpeechArray(heard, SAMPLE_RATE_HZ))
        else:
            shown = rendered(other.identity, factors, image_px, f"{other.name}_{moved}", framing)
            job = replace(job, controls={**resting, moved: Control(shown)})
        found.append(_probe(moved, clip, job, factors, image_px, framing))
    return found


def _probe(
    moved: ControlName | None,
    clip: Clip,
    job: Job,
    factors: Array,
    image_px: int,
    framing: Framing,
) -> Probe:
    return Probe(moved, job, rendered(clip.identity, factors, image_px, job.name, framing))
