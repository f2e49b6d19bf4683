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

from benchmarks.record import own_weights, record
from talkingface.clip import Picture
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
SHOWN = 12  # people on the sheet
FRAMES = 8  # of each generated face, averaged

Numbers = NDArray[np.float64]
Pictures = NDArray[np.uint8]  # (T, H, W, 3)

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

    def masculine(self, pictures: Pictures) -> float:
        """Return the mean over pictures (T, H, W, 3), 0 to 1."""
        seen = np.stack([_small(one) for one in pictures])
        return float(((seen - self._mean) @ self._weights + self._middle).mean())


def _small(picture: Picture) -> Numbers:
    small = cv2.resize(picture, (JUDGED_PX, JUDGED_PX), interpolation=cv2.INTER_AREA)
    return small.reshape(-1).astype(np.float64) / 127.5 - 1


def face_of(model: TalkingFaceModel, speaker: int, sentence: int, seconds: float) -> Pictures:
    """Return the first frames (T, H, W, 3) of the face that some speech gives."""
    speech = SpeechArray(spoken_by(speaker, sentence, seconds, "formant").waveform)
    with torch.inference_mode():
        window = next(model.generate(Job("face", (), speech)))
    return to_pictures(window[:FRAMES])


def told_by_voices(num_people: int) -> dict[str, float]:
    """Print and return how much of each look follows from the voice."""
    people = [person(KNOWN + number) for number in range(num_people)]
    voices = voices_of(people)
    shares = {name: share_told(voices, look) for name, look in looks_of(people).items()}
    print(f"share of each look that follows from the voice, {num_people} people")
    for name, share in sorted(shares.items(), key=lambda one: -one[1]):
        print(f"  {name:22} {share:5.2f}")
    return shares


def told_by_method(
    model: TalkingFaceModel, num_people: int, seconds: float, sheet: Path
) -> dict[str, float]:
    """Return what the method tells of people whom it never heard, and show some of them."""
    people = [person(UNKNOWN + number) for number in range(num_people)]
    faces = [
        [face_of(model, who.number, SENTENCES + turn, seconds) for turn in (0, 1)] for who in people
    ]
    real = list(render_each(people, neutral_factors(num_people), faces[0][0].shape[1]))
    columns = [
        np.concatenate([drawn, first[0], second[0]])
        for drawn, (first, second) in zip(real[:SHOWN], faces, strict=False)
    ]
    write_picture(sheet, np.concatenate(columns, axis=1))
    is_masculine = np.array([who.shape.masculine > 0.5 for who in people])
    return {
        "people": num_people,
        "seconds": seconds,
        **_masculine_looks([who.shape.masculine for who in people], real, faces),
        **_likeness(is_masculine, faces),
    }


def _masculine_looks(
    true: list[float], real: list[Picture], faces: list[list[Pictures]]
) -> dict[str, float]:
    """Return how often people look as masculine as they are, drawn and generated."""
    judge = Judge()
    looks = {
        "drawn": [judge.masculine(one[None]) for one in real],
        "generated": [judge.masculine(first) for first, _ in faces],
    }
    found: dict[str, float] = {}
    for name, read in looks.items():
        agree = np.equal(np.array(read) > 0.5, np.array(true) > 0.5)
        found[f"masculine looks, {name}, agree"] = float(agree.mean())
        found[f"masculine looks, {name}, r"] = float(np.corrcoef(read, true)[0, 1])
    return found


def _likeness(is_masculine: NDArray[np.bool_], faces: list[list[Pictures]]) -> dict[str, float]:
    """Return how far faces are apart, of the first speech of each person and the second of any."""
    small = np.array(
        [[np.mean([_small(one) for one in face], axis=0) for face in both] for both in faces]
    )  # (N, 2, D)
    apart = np.abs(small[:, None, 0] - small[None, :, 1]).mean(axis=2)  # (N, N)
    is_same_sex = np.equal.outer(is_masculine, is_masculine)
    is_other = ~np.eye(len(faces), dtype=bool)
    return {
        "apart, other speech of the same person": float(np.diag(apart).mean()),
        "apart, another voice of that sex": float(apart[is_same_sex & is_other].mean()),
        "apart, a voice of the other sex": float(apart[~is_same_sex].mean()),
        "found again by other speech": float(
            np.mean(apart.argmin(axis=1) == np.arange(len(faces)))
        ),
        "found again by chance": 1 / len(faces),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", help="none for the demo weights")
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=3.0, help="of speech for each face")
    parser.add_argument("--sheet", type=Path, default=Path("voices_and_faces.png"))
    parser.add_argument("--record", action="store_true", help="keep the figures for the card")
    chosen = parser.parse_args()
    of_voices = told_by_voices(6000)
    spec = discover().models.get(METHOD)
    settings = Settings(model=spec.config(name=METHOD), evaluate_model_file=chosen.weights)
    built = build_model(spec, settings)
    print(built.weights)
    of_method = told_by_method(built.model, chosen.people, chosen.seconds, chosen.sheet)
    for name, figure in of_method.items():
        print(f"{name:45} {figure:.3f}")
    print(f"{chosen.sheet}: drawn, and generated from two sentences")
    if chosen.record and not chosen.weights:
        content = {"told by voices": of_voices, "told by the method": of_method}
        command = "python -m benchmarks.voices_and_faces"
        print(record(METHOD, command, own_weights(METHOD), content))


if __name__ == "__main__":
    main()
