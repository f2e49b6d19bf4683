"""What the reader learns from: pictures of people who are in no corpus, with their truth."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from talkingface.clip import Picture
from talkingface.data.processes import mapped
from talkingface.data.reader_training.chance import drawn_factors, drawn_framing
from talkingface.data.synth.arrays import Array
from talkingface.data.synth.camera import Framing
from talkingface.data.synth.factors import FACTOR_INDEX, columns_of
from talkingface.data.synth.ground_truth import truth
from talkingface.data.synth.identity import Identity, person
from talkingface.data.synth.rendering import render_frames
from talkingface.errors import RunError
from talkingface.face.reader.network import PICTURE_PX, FaceValues, as_input

FIRST_PERSON: Final = 900_000  # the splits of seed 0 end below, those of seed 1 begin at 1,000,000
PEOPLE_A_JOB: Final = 25
COMPRESSED: Final = 0.5  # share of the pictures that went through JPEG
JPEG_QUALITY: Final = (25, 95)

Job = tuple[range, int]  # numbers of people, pictures of each
Arrays = tuple[NDArray[Any], ...]  # pictures and each of their values, as processes exchange them


class Material(NamedTuple):
    """Pictures of drawn faces and what is true of them."""

    pictures: Tensor  # (N, 112, 112, 3) uint8
    values: FaceValues  # of N each

    def batch(self, rows: Tensor) -> tuple[Tensor, FaceValues]:
        """Return some of the pictures (B, 3, 112, 112) in [-1, 1] with their values."""
        return as_input(self.pictures[rows]), FaceValues(*(one[rows] for one in self.values))


def drawn_material(people: range, pictures_each: int, workers: int) -> Material:
    """Draw some pictures of each person, no two with the same factors, on `workers` processes."""
    jobs = [
        (people[start : start + PEOPLE_A_JOB], pictures_each)
        for start in range(0, len(people), PEOPLE_A_JOB)
    ]
    parts = mapped(_drawn, jobs, workers, _killed)
    pictures, *values = (torch.from_numpy(np.concatenate(one)) for one in zip(*parts, strict=True))
    return Material(pictures, FaceValues(*values))


def true_values(identity: Identity, factors: Array, framing: Framing) -> FaceValues:
    """Return what is true of one person with factors (T, F) in pictures of 112 px."""
    return FaceValues(*map(torch.from_numpy, _values(identity, factors, framing)))


def _drawn(job: Job) -> Arrays:
    cv2.setNumThreads(1)
    people, pictures_each = job
    parts = [_drawn_of(number, pictures_each) for number in people]
    return tuple(np.concatenate(one) for one in zip(*parts, strict=True))


def _drawn_of(number: int, pictures_each: int) -> Arrays:
    rng = np.random.default_rng([0x5EE, number])
    identity, framing = person(number), drawn_framing(rng)
    factors = drawn_factors(rng, pictures_each)
    pictures = render_frames(identity, factors, PICTURE_PX, framing)
    stored = np.stack([_stored(picture, rng) for picture in pictures])
    return stored, *_values(identity, factors, framing)


def _values(identity: Identity, factors: Array, framing: Framing) -> Iterator[NDArray[np.float32]]:
    """Yield the values of `FaceValues` in their order."""
    known = truth(identity, factors, PICTURE_PX, framing)
    values = (
        known.landmarks,
        factors[:, columns_of("pose")[:3]],
        known.mouth_opening,
        factors[:, columns_of("emotion")],
        factors[:, FACTOR_INDEX["blink"]],
        factors[:, columns_of("gaze")],
        np.ones(len(factors)),
    )
    return (np.asarray(value, dtype=np.float32) for value in values)


def _stored(picture: Picture, rng: np.random.Generator) -> Picture:
    """Return a picture as files hold it, often with the marks of compression."""
    if rng.random() > COMPRESSED:
        return picture
    quality = int(rng.integers(*JPEG_QUALITY))
    _, code = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(code, cv2.IMREAD_COLOR), dtype=np.uint8)


def _killed(job: Job) -> Arrays:
    raise RunError(
        f"A process that draws the people {job[0]} was ended from outside, perhaps for want of "
        "memory. Run it again, with fewer workers if so."
    )
