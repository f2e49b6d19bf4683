"""What a voice tells about a face: ``python -m benchmarks.voices_and_faces``.

The first table asks what could be told: how much of each look of SynthTalk's people follows from
their voice, by linear regression on all that a voice is made of. The second asks what the method
tells of people whom it never heard: whether the face is that of a man or a woman as the speaker is,
and whether other speech of the same person gives the same face. The judge reads pictures of 28 px
by linear regression, learnt from drawn people.
"""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import fields
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from talkingface.config.settings import Settings
from talkingface.data.synth import Identity, person, render_each
from talkingface.data.synth.factors import neutral_factors
from talkingface.data.synth.identity import FaceShape, Look
from talkingface.data.synth.motion import natural_motion
from talkingface.data.synth.speech import spoken_by
from talkingface.data.synth.voice import speaker_of
from talkingface.engine.build import build_model
from talkingface.engine.drawn_pictures import to_pictures
from talkingface.job import Job
from talkingface.media import SpeechArray, write_picture
from talkingface.models.base import TalkingFaceModel
from talkingface.plugins import discover

METHOD = "Speech2Talking_Face"
KNOWN, UNKNOWN = 400_000, 700_000  # first people of the judge, and of the test: in no split
SENTENCES = 950_000
JUDGED_PX = 28
FRAMES = 8  # of each generated face, averaged

Numbers = NDArray[np.float64]

LONG = frozenset({"bob", "fringe_bob", "long", "bun"})
LOOKS: Mapping[str, Callable[[Look], float]] = {
    "beard": lambda look: look.beard != "none",
    "long or bound hair": lambda look: look.hair_style in LONG,
    "redness of lips": lambda look: look.lip[0] - look.lip[1] - look.skin[0] + look.skin[1],
    "lightness of skin": lambda look: sum(look.skin),
    "lightness of hair": lambda look: sum(look.hair),
    "colour of eyes": lambda look: sum(look.iris),
    "glasses": lambda look: look.glasses != "none",
    "freckles": lambda look: look.freckles,
    "clothes": lambda look: sum(look.clothing_colour),
    "background": lambda look: sum(look.background[0]),
}


def looks_of(people: list[Identity]) -> dict[str, Numbers]:
    """Return every look of some people by name."""
    shapes = {
        one.name: np.array([getattr(who.shape, one.name) for who in people])
        for one in fields(FaceShape)
    }
    looks = {name: np.array([float(of(who.look)) for who in people]) for name, of in LOOKS.items()}
    return shapes | looks


def voices_of(people: list[Identity]) -> Numbers:
    """Return all that the voices of some people are made of, and its first products (N, K)."""
    voices = np.array([list(vars(speaker_of(who.number)).values()) for who in people])
    low = (voices[:, :1] < 150).astype(float)  # no pitch lies between 140 and 165 Hz
    return np.concatenate([low, voices, low * voices], axis=1)


def share_told(voices: Numbers, look: Numbers) -> float:
    """Return the share of a look's variance that follows from the voice, on the second half."""
    known = np.arange(len(look)) < len(look) // 2
    columns = np.concatenate([np.ones((len(look), 1)), voices], axis=1)
    weights = np.linalg.lstsq(columns[known], look[known], rcond=None)[0]
    left = look[~known] - columns[~known] @ weights
    return float(max(0.0, 1 - left.var() / look[~known].var()))


class Judge:
    """Reads how masculine a face looks, from a small picture."""

    def __init__(self, num_people: int = 2000) -> None:
        rng = np.random.default_rng(0)
        people = [person(KNOWN + number) for number in range(num_people)]
        factors = np.stack(
            [natural_motion(rng, Fraction(25), np.zeros(1, np.float32))[0][0] for _ in people]
        )
        seen = np.stack([_small(one) for one in render_each(people, factors, 112)])
        true = np.array([who.shape.masculine for who in people])
        self._mean, self._middle = seen.mean(axis=0), true.mean()
        away = seen - self._mean
        ridge = 0.01 * num_people * np.eye(away.shape[1])
        self._weights = np.linalg.solve(away.T @ away + ridge, away.T @ (true - self._middle))

    def masculine(self, pictures: NDArray[np.uint8]) -> float:
        """Return the mean over pictures (T, H, W, 3), 0 to 1."""
        seen = np.stack([_small(one) for one in pictures])
        return float(((seen - self._mean) @ self._weights + self._middle).mean())


def _small(picture: NDArray[np.uint8]) -> Numbers:
    small = cv2.resize(picture, (JUDGED_PX, JUDGED_PX), interpolation=cv2.INTER_AREA)
    return small.reshape(-1) / 127.5 - 1


def face_of(
    model: TalkingFaceModel, speaker: int, sentence: int, seconds: float
) -> NDArray[np.uint8]:
    """Return the first frames (T, H, W, 3) of the face that some speech gives."""
    speech = SpeechArray(spoken_by(speaker, sentence, seconds, "formant").waveform)
    with torch.inference_mode():
        window = next(model.generate(Job("face", (), speech)))
    return to_pictures(window[:FRAMES])


def told_by_voices(num_people: int) -> None:
    """Print how much of each look follows from the voice."""
    people = [person(KNOWN + number) for number in range(num_people)]
    voices = voices_of(people)
    shares = {name: share_told(voices, look) for name, look in looks_of(people).items()}
    print(f"share of each look that follows from the voice, {num_people} people")
    for name, share in sorted(shares.items(), key=lambda one: -one[1]):
        print(f"  {name:22} {share:5.2f}")


def told_by_method(model: TalkingFaceModel, num_people: int, seconds: float, sheet: Path) -> None:
    """Print what the method tells of people whom it never heard, and show some of them."""
    people = [person(UNKNOWN + number) for number in range(num_people)]
    true = np.array([who.shape.masculine for who in people])
    faces = [
        [face_of(model, who.number, SENTENCES + turn, seconds) for turn in (0, 1)] for who in people
    ]
    judge = Judge()
    size = faces[0][0].shape[1]
    real = list(render_each(people, neutral_factors(num_people), size))
    of_real = np.array([judge.masculine(one[None]) for one in real])
    of_made = np.array([judge.masculine(first) for first, _ in faces])
    print(f"{num_people} people never heard, {seconds:g} s of speech each")
    for name, read in (("drawn", of_real), ("generated", of_made)):
        agree = np.mean((read > 0.5) == (true > 0.5))
        print(
            f"  masculine looks, {name:9} agree {agree:4.0%}, r {np.corrcoef(read, true)[0, 1]:.2f}"
        )
    small = np.array(
        [[np.mean([_small(one) for one in face], axis=0) for face in both] for both in faces]
    )  # (N, 2, D)
    apart = np.abs(small[:, None, 0] - small[None, :, 1]).mean(axis=2)  # (N, N): first to second
    own = np.diag(apart)
    alike = np.equal.outer(true > 0.5, true > 0.5) & ~np.eye(num_people, dtype=bool)
    print(f"  faces apart: other speech of the same person {own.mean():.4f},")
    print(f"    another voice of that sex {apart[alike].mean():.4f}, ", end="")
    print(f"of the other sex {apart[~np.equal.outer(true > 0.5, true > 0.5)].mean():.4f}")
    found = np.mean(apart.argmin(axis=1) == np.arange(num_people))
    print(
        f"  found again by other speech: {found:.0%} of {num_people}; chance {1 / num_people:.1%}"
    )
    columns = [
        np.concatenate([real[index], faces[index][0][0], faces[index][1][0]])
        for index in range(min(12, num_people))
    ]
    write_picture(sheet, np.concatenate(columns, axis=1))
    print(f"  {sheet}: drawn, and generated from two sentences")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", help="none for the demo weights")
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=3.0, help="of speech for each face")
    parser.add_argument("--sheet", type=Path, default=Path("voices_and_faces.png"))
    chosen = parser.parse_args()
    told_by_voices(6000)
    spec = discover().models.get(METHOD)
    settings = Settings(model=spec.config(name=METHOD), evaluate_model_file=chosen.weights)
    built = build_model(spec, settings)
    print(built.weights)
    told_by_method(built.model, chosen.people, chosen.seconds, chosen.sheet)


if __name__ == "__main__":
    main()
