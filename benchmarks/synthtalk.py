"""How fast SynthTalk is made and read: ``python -m benchmarks.synthtalk``.

Prints pictures, speech and windows a second of one core's own time, so that other work on the
machine counts little; but for the last line, which is what the trainer's loader gives by the clock,
with two processes that read. The gates are the project's: 250 pictures a second with their truth,
400 read from disk.
"""

import tempfile
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import cv2
import numpy as np

from talkingface.clip import Clip, Frames
from talkingface.data.synth import (
    Identity,
    SynthTalkSizes,
    load_split,
    make_corpus,
    person,
    render,
    render_frames,
    truth,
)
from talkingface.data.synth.clips import perform
from talkingface.data.synth.recipe import SIZES, Recipe
from talkingface.data.synth.speech import spoken_by
from talkingface.engine.batches import Slice, batches
from talkingface.models.base import Preparation

ROUNDS, PEOPLE, FRAMES = 5, 12, 48
WINDOW, BATCH, BATCHES = 5, 16, 200

Acts = list[tuple[Identity, np.ndarray]]


def acts() -> Acts:
    """Return people and what they do for two seconds."""
    plans = list(Recipe(SIZES["default"], seed=99, image_px=112).plans())[: 2 * PEOPLE : 2]
    return [(person(plan.person), perform(plan).factors[:FRAMES]) for plan in plans]


def draw_with_truth(scene: Acts, size: int) -> None:
    """Draw every frame and compute its truth."""
    for who, factors in scene:
        for _ in render_frames(who, factors, size):
            pass
        truth(who, factors, size)


def draw_strangers(numbers: "count[int]", factors: np.ndarray) -> None:
    """Draw one picture each of twenty people who were never drawn before."""
    for _ in range(20):
        render(person(next(numbers)), factors, 112)


def speak() -> None:
    """Say four sentences of three seconds."""
    for number in range(4):
        spoken_by(number, number, 3.0, "formant")


def read_windows(clips: list[Clip], rng: np.random.Generator) -> None:
    """Read a hundred windows of five pictures, anywhere in the clips."""
    for _ in range(100):
        frames = clips[rng.integers(len(clips))].frames
        assert frames is not None
        start = int(rng.integers(len(frames) - 5))
        frames.read(start, start + 5)


class Windows(Preparation):
    """Draws five pictures of a clip."""

    def prepare(self, clip: Clip) -> Frames | None:
        return clip.frames

    def example(self, prepared: Frames, chance: np.random.Generator) -> dict[str, np.ndarray]:
        start = int(chance.integers(len(prepared) - WINDOW))
        return {"frames": prepared.read(start, start + WINDOW)}


def report_loader(clips: list[Clip]) -> None:
    """Print how many pictures a second the trainer's loader gives."""
    stream = batches(clips, Windows(), Slice(0, 0, BATCHES, BATCH), num_workers=2)
    next(stream)  # the processes are there
    start = time.perf_counter()
    pictures = sum(read.batch["frames"].shape[0] * WINDOW for read in stream)
    seconds = time.perf_counter() - start
    print(f"{'pictures from the loader':34}{pictures / seconds:9.0f} a second, two processes")


def report(name: str, work: Callable[[], None], amount: float, unit: str) -> None:
    """Print how much of the work is done in a second, at best."""
    work()
    seconds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    print(f"{name:34}{amount / min(seconds):9.0f} {unit}")


def main() -> None:
    """Print the table."""
    cv2.setNumThreads(1)
    scene, numbers = acts(), count(10**9)
    total = sum(len(factors) for _, factors in scene)
    report("pictures with truth, 112 px", lambda: draw_with_truth(scene, 112), total, "a second")
    report("pictures with truth, 224 px", lambda: draw_with_truth(scene[:3], 224), 144, "a second")
    factors = scene[0][1][0]
    report(
        "one picture each of new people", lambda: draw_strangers(numbers, factors), 20, "a second"
    )
    report("formant speech", speak, 12, "times real time")
    with tempfile.TemporaryDirectory() as scratch:
        sizes = SynthTalkSizes(train=12, val=0, test=0)
        make_corpus(Path(scratch), sizes, image_px=112, workers=1)
        clips, rng = load_split(scratch, "train"), np.random.default_rng(0)
        report("pictures in windows from disk", lambda: read_windows(clips, rng), 500, "a second")
        report_loader(clips)


if __name__ == "__main__":
    main()
