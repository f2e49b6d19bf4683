"""Which face of a picture is meant, and why none of them will do."""

from typing import Literal

import numpy as np

from talkingface.face.landmarks.face import Face
from talkingface.face.points import WITHOUT_JAW

FaceChoice = Literal["largest", "tracked", "only"] | int
"""`largest` by area; `tracked`: the one that overlaps the last one most, the largest at first;
`only`: another face in the picture is an error; a number counts from the left, from 0."""

SMALLEST_PX = 32  # a mouth of 8 px: below, points are guesses
MOST_OUTSIDE = 0.25  # share of the points inside the jaw that may lie outside the picture


class UnusableFaceError(Exception):
    """The picture has no face that can be used; the message says what was found."""


def choose(faces: list[Face], choice: FaceChoice, previous: Face | None) -> Face:
    """Return the face that `choice` means; `previous` is the one chosen in the frame before.

    Raises:
        UnusableFaceError: there is no such face.
    """
    if not faces:
        raise UnusableFaceError("no face was found")
    if choice == "only" and len(faces) > 1:
        raise UnusableFaceError(f"{_listed(faces)}, where one alone is wanted")
    if isinstance(choice, int):
        if choice >= len(faces):
            raise UnusableFaceError(f"{_listed(faces)}, so there is no face {choice}")
        return _from_the_left(faces)[choice]
    if choice == "tracked" and previous is not None:
        last = previous.box
        nearest = max(faces, key=lambda face: face.box.overlap(last))
        if nearest.box.overlap(last):
            return nearest
        raise UnusableFaceError(f"{_listed(faces)}, none where the followed face was")
    return max(faces, key=lambda face: face.box.area)


def check_usable(face: Face, height: int, width: int) -> None:
    """Refuse a face that is too small or cut by the edge of a picture of `height` x `width`.

    Raises:
        UnusableFaceError: with the size, or the share that is cut off.
    """
    size = max(face.box.width, face.box.height)
    if size < SMALLEST_PX:
        raise UnusableFaceError(
            f"the face is {size:.0f} px large, too small; {SMALLEST_PX} px are needed"
        )
    inner = face.points[WITHOUT_JAW]
    outside = np.any((inner < 0) | (inner >= (width, height)), axis=1).mean()
    if outside > MOST_OUTSIDE:
        raise UnusableFaceError(
            f"the face is at the edge; {outside:.0%} of eyes, nose and mouth lie outside"
        )


def _listed(faces: list[Face]) -> str:
    if len(faces) == 1:
        return f"one face was found ({_described(faces[0])})"
    return f"{len(faces)} faces were found ({'; '.join(map(_described, _from_the_left(faces)))})"


def _from_the_left(faces: list[Face]) -> list[Face]:
    return sorted(faces, key=lambda face: face.box.left)


def _described(face: Face) -> str:
    return f"{face.box.width:.0f} px wide at x = {face.box.left:.0f}, y = {face.box.top:.0f}"
