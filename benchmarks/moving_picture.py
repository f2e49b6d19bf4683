"""The README's moving picture, made by the demo weights: ``python -m benchmarks.moving_picture``.

Three people of SynthTalk's test split, whom no training saw. Of each: the portrait, above whose
head is followed, and beside both what PC_AVS makes of them and of a speech.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

import talkingface
from talkingface.clip import Clip
from talkingface.data.synth import SynthTalkSizes, load_split, make_corpus

PICTURE = Path(__file__).parent / "assets" / "talking.webp"
CORPUS = Path("dataset/SynthTalk/test-112px-seed0")
PEOPLE = ((5, 17), (12, 5), (20, 0))  # clips of the test split: who speaks, whose head is followed
SECONDS = 2.4  # no clip of a head is shorter
RATE_HZ = 16_000
QUALITY = 62  # of WebP; the file stays below a megabyte

Pictures = NDArray[np.uint8]  # (T, H, W, 3)


def shown_of(animator: talkingface.Animator, speaker: Clip, head: Clip) -> Pictures:
    """Return the portrait above the head that is followed, and what comes out, twice as large."""
    assert speaker.frames is not None
    assert speaker.speech is not None
    assert head.frames is not None
    (portrait,) = speaker.frames.read(0, 1)
    said = speaker.speech.read(RATE_HZ)[: round(SECONDS * RATE_HZ)]
    made = animator.animate(portrait, (said, RATE_HZ), pose=head).pictures
    given = [np.concatenate([portrait, one]) for one in head.frames.read(0, len(made))]
    large = [cv2.resize(one, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC) for one in made]
    return np.stack([np.concatenate(one, axis=1) for one in zip(given, large, strict=True)])


def write_moving_picture(path: Path, pictures: Pictures, fps: float) -> None:
    """Write an animated WebP that goes on forever."""
    first, *more = (Image.fromarray(one) for one in pictures)
    path.parent.mkdir(parents=True, exist_ok=True)
    first.save(
        path,
        save_all=True,
        append_images=more,
        duration=round(1000 / fps),
        loop=0,
        quality=QUALITY,
        method=6,
    )


def moving_picture(people: Sequence[tuple[int, int]]) -> tuple[Pictures, float]:
    """Return what is shown of the people, side by side, and how many pictures make a second."""
    make_corpus(CORPUS, SynthTalkSizes(train=0, val=0))
    clips = load_split(CORPUS, "test")
    animator = talkingface.load("PC_AVS", device="cpu")
    shown = [shown_of(animator, clips[who], clips[head]) for who, head in people]
    return np.concatenate(shown, axis=2), float(animator.fps)


def main() -> None:
    """Write the picture, and say where and how large it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=PICTURE)
    out: Path = parser.parse_args().out
    write_moving_picture(out, *moving_picture(PEOPLE))
    print(f"{out}: {out.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
