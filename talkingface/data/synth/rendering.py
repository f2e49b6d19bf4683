"""The picture of a person with given factors: painters called from back to front."""

from collections.abc import Iterable, Iterator

import cv2
import numpy as np

from talkingface.clip import Picture
from talkingface.data.synth.arrays import Array
from talkingface.data.synth.camera import CROP, Framing
from talkingface.data.synth.easel import Easel
from talkingface.data.synth.head import head_of
from talkingface.data.synth.identity import Identity
from talkingface.data.synth.paint_accessories import ear_is_in_front, paint_ear, paint_glasses
from talkingface.data.synth.paint_beard import paint_moustache
from talkingface.data.synth.paint_body import background, paint_body
from talkingface.data.synth.paint_eyes import paint_brows, paint_eyes
from talkingface.data.synth.paint_hair import paint_hair_behind, paint_hair_front
from talkingface.data.synth.paint_mouth import paint_mouth
from talkingface.data.synth.paint_nose import paint_creases
from talkingface.data.synth.paint_skin import paint_skin
from talkingface.data.synth.sitting import Sitting, sit

OVERSAMPLING = 2  # drawn at twice the size and shrunk by area


def render(identity: Identity, factors: Array, size: int, framing: Framing = CROP) -> Picture:
    """Return the picture (size, size, 3) of a person with one row of factors (F,)."""
    return next(render_frames(identity, factors[None], size, framing))


def render_frames(
    identity: Identity, factors: Array, size: int, framing: Framing = CROP
) -> Iterator[Picture]:
    """Yield a picture (size, size, 3) for each row of factors (T, F) of one person."""
    easel = Easel(size * OVERSAMPLING)
    for sitting in sit(head_of(identity), factors, framing, easel.size):
        paint(easel, sitting)
        yield _shrunk(easel, size)


def render_each(
    identities: Iterable[Identity], factors: Array, size: int, framing: Framing = CROP
) -> Iterator[Picture]:
    """Yield a picture (size, size, 3) for each row of factors (N, F), each of another person.

    For cross-rendered batches. A person's head takes 4 ms to build; the last 128 are kept.
    """
    easel = Easel(size * OVERSAMPLING)
    for identity, row in zip(identities, factors, strict=True):
        (sitting,) = sit(head_of(identity), row[None], framing, easel.size)
        paint(easel, sitting)
        yield _shrunk(easel, size)


def render_bare_faces(
    identity: Identity, factors: Array, size: int, framing: Framing = CROP
) -> Iterator[Picture]:
    """Yield for each row of factors the face alone, without hair, ears and body, on black."""
    head = head_of(identity)
    easel = Easel(size * OVERSAMPLING)
    for sitting in sit(head, factors, framing, easel.size):
        easel.canvas.fill(0)
        paint_skin(easel, sitting)
        _paint_features(easel, sitting)
        yield _shrunk(easel, size)


def paint(easel: Easel, sitting: Sitting) -> None:
    """Paint one sitting on an easel of its size."""
    easel.canvas[:] = background(sitting.head.identity, easel.size)
    paint_hair_behind(easel, sitting)
    paint_body(easel, sitting)
    ears = () if sitting.head.hair.cut.curtain_end is not None else ("left", "right")
    in_front = [name for name in ears if ear_is_in_front(sitting, name)]
    for name in (ear for ear in ears if ear not in in_front):
        paint_ear(easel.canvas, sitting, name)
    paint_skin(easel, sitting)
    for name in in_front:
        paint_ear(easel.canvas, sitting, name)
    _paint_features(easel, sitting)
    paint_hair_front(easel, sitting)
    paint_glasses(easel.canvas, sitting)


def _paint_features(easel: Easel, sitting: Sitting) -> None:
    paint_creases(easel, sitting)
    paint_mouth(easel.canvas, sitting)
    paint_moustache(easel.canvas, sitting)
    paint_eyes(easel.canvas, sitting)
    paint_brows(easel.canvas, sitting)


def _shrunk(easel: Easel, size: int) -> Picture:
    picture = cv2.resize(easel.canvas, (size, size), interpolation=cv2.INTER_AREA)
    return np.asarray(picture, dtype=np.uint8)
