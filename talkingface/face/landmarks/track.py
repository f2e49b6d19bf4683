"""One person's face followed through the pictures of a clip."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Picture
from talkingface.errors import DataError
from talkingface.face.landmarks.choice import (
    FaceChoice,
    UnusableFaceError,
    check_usable,
    choose,
)
from talkingface.face.landmarks.face import Box, Face
from talkingface.face.landmarks.finder import FaceFinder
from talkingface.face.points import NUM_POINTS
from talkingface.face.pose.head_pose import with_depth

MissingFace = Literal["error", "hold", "pass"]
"""A frame without a usable face: an error, the last face again, or no face (nan in arrays)."""

NO_FACE = Face(
    box=Box(*[np.nan] * 4),
    points=np.full((NUM_POINTS, 2), np.nan, np.float32),
    found_by="",
    depth=np.full(NUM_POINTS, np.nan, np.float32),
)


@dataclass(frozen=True)
class LandmarkTrack:
    """The landmarks of one face in T frames; nan where a frame without a face was passed."""

    points: NDArray[np.float32]  # (T, 68, 2)
    depth: NDArray[np.float32] | None  # (T, 68), larger is nearer; None: the back end has none
    boxes: NDArray[np.float32]  # (T, 4): left, top, right, bottom
    found: NDArray[np.bool_]  # (T,): False where the face was held or passed
    found_by: str  # name of the back end

    def __len__(self) -> int:
        return len(self.points)

    def in_space(self) -> NDArray[np.floating]:
        """Return the landmarks (T, 68, 3); without depth of its own, that of a fitted face."""
        if self.depth is None:
            return with_depth(self.points)
        return np.concatenate([self.points, self.depth[..., None]], axis=2)


def find_face(
    picture: Picture, finder: FaceFinder, choice: FaceChoice = "largest", where: str = "picture"
) -> Face:
    """Return one face of a single picture (H, W, 3).

    Raises:
        DataError: naming `where` and what was found there.
    """
    try:
        return _usable_face(picture, finder, choice, None)
    except UnusableFaceError as trouble:
        raise DataError(
            f"{where}: {trouble}. Choose a picture with one upright face, well inside the frame."
        ) from None


def follow_face(
    pictures: Iterable[Picture],
    finder: FaceFinder,
    *,
    choice: FaceChoice = "largest",
    missing: MissingFace = "error",
    where: str = "clip",
) -> Iterator[Face | None]:
    """Yield one face for each picture as it comes; None for one that is passed.

    With ``hold`` there is None until the first face.

    Raises:
        DataError: with ``error``, at the first frame without a usable face.
    """
    previous: Face | None = None
    for index, picture in enumerate(pictures):
        face: Face | None
        try:
            face = _usable_face(picture, finder, choice, previous)
        except UnusableFaceError as trouble:
            if missing == "error":
                raise DataError(
                    f"{where}, frame {index}: {trouble}. Choose another clip or cut it, or let "
                    "frames without a face 'hold' the last one or 'pass'."
                ) from None
            face = replace(previous, held=True) if previous and missing == "hold" else None
        previous = face or previous
        yield face


def landmark_track(
    pictures: Iterable[Picture],
    finder: FaceFinder,
    *,
    choice: FaceChoice = "largest",
    missing: MissingFace = "error",
    where: str = "clip",
) -> LandmarkTrack:
    """Return the landmarks of one face in all pictures; few pictures are held at a time.

    With ``hold``, frames before the first face take the first face.

    Raises:
        DataError: a frame has no usable face (``error``), or no frame has one (``hold``).
    """
    faces = list(follow_face(pictures, finder, choice=choice, missing=missing, where=where))
    first = next((face for face in faces if face), None)
    if first is None and missing != "pass":
        raise DataError(
            f"{where}: no usable face was found in any of {len(faces)} frames. "
            "Choose a clip that shows one upright face."
        )
    substitute = first if first is not None and missing == "hold" else NO_FACE
    rows = [face or substitute for face in faces]
    has_depth = first is not None and first.depth is not None
    return LandmarkTrack(
        points=np.array([row.points for row in rows], np.float32).reshape(-1, NUM_POINTS, 2),
        depth=np.array([row.depth for row in rows], np.float32) if has_depth else None,
        boxes=np.array([row.box for row in rows], np.float32).reshape(-1, len(Box._fields)),
        found=np.array([face is not None and not face.held for face in faces], np.bool_),
        found_by=finder.name,
    )


def _usable_face(
    picture: Picture, finder: FaceFinder, choice: FaceChoice, previous: Face | None
) -> Face:
    face = choose(finder.find(picture), choice, previous)
    check_usable(face, *picture.shape[:2])
    return face
