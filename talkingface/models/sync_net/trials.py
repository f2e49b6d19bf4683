"""How often a SyncNet is right: sound is moved by a known number of frames, which it must tell."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from talkingface.clip import Clip, Speech, Waveform
from talkingface.data.synth.camera import CROP, Framing
from talkingface.data.synth.clips import perform
from talkingface.data.synth.identity import person
from talkingface.data.synth.recipe import ClipPlan
from talkingface.data.synth.sources import RenderedFrames
from talkingface.data.synth.speech import Voice
from talkingface.errors import DataError
from talkingface.media.features.framing import SAMPLE_RATE_HZ
from talkingface.media.sound import SpeechArray
from talkingface.metrics.lip_sync import FPS
from talkingface.metrics.sync_embedding import SyncEmbedder
from talkingface.metrics.sync_video import score_whole_frames

MOST_FRAMES = 10  # by which sound is moved
# No corpus shows these people, and the texts of a corpus of 5,000 clips do not come back either.
FIRST_PERSON = 970_000
NUM_FRAMES = (50, 100)  # 2 to 4 s


@dataclass(frozen=True)
class Condition:
    """Whose voice some trials have, how it is heard, and how faces are framed."""

    voice: Voice = "formant"
    microphone: bool = False  # drawn for each trial: room, noise, band, level
    framing: Framing = CROP


def trial_errors(embedder: SyncEmbedder, condition: Condition, numbers: Sequence[int]) -> list[int]:
    """Return by how many frames it is wrong in each of the trials of these numbers.

    A trial is a person, a sentence of 2 to 4 s, and a shift of -10 to 10 frames, all by its number.
    """
    return [_error(embedder, condition, number) for number in numbers]


def share_within(errors: Sequence[int], frames: int) -> float:
    """Return the share of trials that are wrong by so many frames at most.

    >>> share_within([0, -1, 0, 7], 1)
    0.75
    """
    return float(np.mean(np.abs(errors) <= frames))


def drawn_clip(number: int, condition: Condition) -> Clip:
    """Return the clip of a trial, its sound in time; nothing is drawn yet."""
    rng = np.random.default_rng([0x791A1, number])
    num_frames = int(rng.integers(NUM_FRAMES[0], NUM_FRAMES[1] + 1))
    who = FIRST_PERSON + number
    plan = ClipPlan(
        name=f"trial_{number:05d}",
        split="test",
        person=who,
        speaker=who,
        sentence=who,
        seconds=num_frames / FPS,
        fps=FPS,
        voice=condition.voice,
        microphone=condition.microphone,
        image_px=112,
    )
    done = perform(plan)
    seen = RenderedFrames(person(who), done.factors, plan.image_px, framing=condition.framing)
    heard = SpeechArray(done.spoken.waveform, SAMPLE_RATE_HZ)
    return Clip(plan.name, seen, heard, identity=person(who).name)


def delayed(speech: Speech, frames: int) -> SpeechArray:
    """Return speech that is heard so many frames later, or earlier; silence takes its place."""
    heard = speech.read(SAMPLE_RATE_HZ)
    shift = frames * SAMPLE_RATE_HZ // FPS
    silence: Waveform = np.zeros(abs(shift), np.float32)
    if shift < 0:
        return SpeechArray(np.concatenate([heard[-shift:], silence]), SAMPLE_RATE_HZ)
    return SpeechArray(np.concatenate([silence, heard])[: len(heard)], SAMPLE_RATE_HZ)


def _error(embedder: SyncEmbedder, condition: Condition, number: int) -> int:
    rng = np.random.default_rng([0x5F1F7, number])
    late = int(rng.integers(-MOST_FRAMES, MOST_FRAMES + 1))
    clip = drawn_clip(number, condition)
    assert clip.frames is not None
    assert clip.speech is not None
    score = score_whole_frames(clip.frames, delayed(clip.speech, late), embedder)
    if score is None:
        raise DataError(f"{clip.name} is too short to be scored.")
    return -score.offset - late  # late sound is like earlier video
