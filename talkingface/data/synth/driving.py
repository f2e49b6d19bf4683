"""Jobs with a known answer: one person's face, and each control from another one."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Clip
from talkingface.data.synth.arrays import Array
from talkingface.data.synth.camera import ALIGNED, CROP, PORTRAIT, Framing
from talkingface.data.synth.clips import known_of
from talkingface.data.synth.corpus import load_split
from talkingface.data.synth.factors import columns_of
from talkingface.data.synth.ground_truth import truth
from talkingface.data.synth.identity import person_named
from talkingface.data.synth.sources import RenderedFrames, StoredFrames
from talkingface.errors import DataError
from talkingface.job import Control, ControlName, Job


@dataclass(frozen=True)
class Pair:
    """A job, and the clip that a perfect method would make of it."""

    job: Job
    answer: Clip


def pairs(folder: str | Path, split: str = "test", seed: int = 0) -> list[Pair]:
    """Return one job for each clip of a split.

    The portrait is the most frontal frame of the clip; speech, pose, eyes and emotion come from
    clips of other people, as different ones as the split has. All drivers are as long as the
    speech. The answer is drawn: this person, those lips, that pose, those eyes, that emotion.

    Raises:
        DataError: the split has clips of one person only.
    """
    clips = load_split(folder, split)
    if len({clip.identity for clip in clips}) < 2:
        raise DataError(
            f"The split {split!r} of {folder} has fewer than two people: none can drive another. "
            "Make a larger one."
        )
    rng = np.random.default_rng([0x9A125, seed])
    return [_pair(clip, _drivers(clip, clips, rng)) for clip in clips]


def _drivers(
    clip: Clip, clips: Sequence[Clip], rng: np.random.Generator
) -> dict[ControlName, Clip]:
    """Return a clip of somebody else for each group of factors; blink and gaze share theirs."""
    others = [other for other in clips if other.identity != clip.identity]
    order = rng.permutation(len(others))
    lip, pose, eyes, emotion = (others[order[index % len(others)]] for index in range(4))
    return {"lip": lip, "pose": pose, "blink": eyes, "gaze": eyes, "emotion": emotion}


def _pair(portrait: Clip, drivers: dict[ControlName, Clip]) -> Pair:
    frames, spoken = portrait.frames, drivers["lip"]
    assert isinstance(frames, StoredFrames)
    assert spoken.frames is not None
    assert spoken.speech is not None
    num_frames = len(spoken.frames)
    own = factors_of(portrait)
    face = most_frontal(own)
    picture = frames.read(face, face + 1)[0]
    size, framing = picture.shape[0], frames.framing
    mixed = np.tile(own[face], (num_frames, 1))
    controls: dict[ControlName, Control] = {}
    for group, driver in drivers.items():
        lasting = ping_pong(factors_of(driver), num_frames)
        mixed[:, columns_of(group)] = lasting[:, columns_of(group)]
        if group != "lip":
            controls[group] = Control(
                rendered(driver.identity, lasting, size, driver.name, framing)
            )
    name = f"{portrait.name}_driven"
    job = Job(name, (picture,), spoken.speech, controls)
    answer = rendered(portrait.identity, mixed, size, name, framing)
    return Pair(job, Clip(name, answer.frames, spoken.speech, portrait.identity, answer.known))


def rendered(identity: str, factors: Array, size: int, name: str, framing: Framing = CROP) -> Clip:
    """Return a clip without sound of a person with factors (T, F), drawn when it is looked at."""
    who = person_named(identity)
    frames = RenderedFrames(who, factors, size, framing=framing)
    known = known_of(who, lambda: factors, size, framing)
    return Clip(name, frames, identity=identity, known=known)


def framing_of(clip: Clip) -> Framing:
    """Return how the head stands in the frames of a drawn clip.

    Files in the layout of a method do not say it: there the landmarks do, by where they lie.
    """
    frames, points = clip.frames, clip.truth("landmarks")
    if isinstance(frames, StoredFrames | RenderedFrames):
        return frames.framing
    if frames is None or points is None:
        return CROP
    who, factors = person_named(clip.identity), factors_of(clip)[:1]
    size = frames.read(0, 1).shape[1]

    def distance(framing: Framing) -> float:
        drawn = truth(who, factors, size, framing).landmarks[..., :2]
        return float(np.abs(drawn - points[:1]).mean())

    return min((CROP, ALIGNED, PORTRAIT), key=distance)


def factors_of(clip: Clip) -> NDArray[np.float32]:
    """Return the factors (T, F) of a SynthTalk clip.

    Raises:
        DataError: the clip is none of SynthTalk's.
    """
    factors = clip.truth("factors")
    if factors is None:
        raise DataError(f"The clip {clip.name} has no known factors. Give a clip of SynthTalk.")
    return factors


def most_frontal(factors: Array) -> int:
    """Return the frame that is turned away least."""
    return int(np.abs(factors[:, columns_of("pose")[:3]]).sum(axis=1).argmin())


def ping_pong(factors: Array, num_frames: int) -> Array:
    """Return rows to the end and back, over and over, until there are `num_frames`."""
    turn, place = np.divmod(np.arange(num_frames), len(factors))
    return factors[np.where(turn % 2 == 0, place, len(factors) - 1 - place)]
