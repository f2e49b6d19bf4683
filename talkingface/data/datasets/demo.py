"""The SynthTalk demo in the layout of a method: made on first use, complete or not there at all."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Clip
from talkingface.data.base import Progress
from talkingface.data.synth.camera import Framing
from talkingface.data.synth.clips import perform
from talkingface.data.synth.driving import factors_of
from talkingface.data.synth.factors import FACTOR_GROUPS, columns_of
from talkingface.data.synth.ground_truth import truth
from talkingface.data.synth.identity import person, person_named
from talkingface.data.synth.recipe import SIZES, SPLITS, ClipPlan, Recipe, SynthTalkSizes
from talkingface.data.synth.voice import SAMPLE_RATE_HZ
from talkingface.data.truth_file import write_truth
from talkingface.media import SpeechArray
from talkingface.storage.atomic import make_folder, temporary_folder

DEMO_SIZES = {"default": SynthTalkSizes(train=24, val=4, test=8), "tiny": SIZES["tiny"]}
NUM_ANGLES = 3  # of the pose: yaw, pitch, roll; the shift is left out

WriteLayout = Callable[[Sequence[Clip], Path, Progress], object]


def make_demo(
    folder: Path, size: str, seed: int, image_px: int, write: WriteLayout, progress: Progress
) -> None:
    """Write train, val and test in the layout that `write` knows into `folder`, if it is not there.

    Args:
        folder: appears when it is whole.
        size: name of the number of clips.
        seed: another one gives other people and sentences.
        image_px: side of a frame.
        write: writes clips to a folder.
        progress: called after each clip.
    """
    if folder.exists():
        return
    plans = list(Recipe(DEMO_SIZES[size], seed, image_px).plans())
    make_folder(folder.parent)
    with temporary_folder(folder.parent, folder.name) as near:
        draft = near / "demo"
        make_folder(draft)
        before = 0
        for split in SPLITS:
            clips = [_performed(plan) for plan in plans if plan.split == split]
            write(clips, draft / split, _later(progress, before, len(plans)))
            before += len(clips)
        draft.rename(folder)


def write_known(clip: Clip, path: Path, image_px: int, framing: Framing) -> None:
    """Write what is known of a SynthTalk clip that was drawn with `framing`."""
    who, factors = person_named(clip.identity), factors_of(clip)
    points = truth(who, factors, image_px, framing).landmarks
    arrays: dict[str, NDArray[np.float32]] = {
        "landmarks": points[..., :2],
        "landmarks_3d": points,
        "factors": factors,
    }
    for group in FACTOR_GROUPS:
        columns = columns_of(group)
        arrays[group] = factors[:, columns[:NUM_ANGLES] if group == "pose" else columns]
    write_truth(path, arrays, clip.identity)


def _later(progress: Progress, before: int, total: int) -> Progress:
    """Return what reports a part of the work that comes after `before` others."""
    return lambda done, _: progress(before + done, total)


def _performed(plan: ClipPlan) -> Clip:
    """Return a clip with speech and factors, and no frames yet."""
    done = perform(plan)
    return Clip(
        plan.name,
        speech=SpeechArray(done.spoken.waveform, SAMPLE_RATE_HZ),
        identity=person(plan.person).name,
        known={"factors": lambda: done.factors},
    )
