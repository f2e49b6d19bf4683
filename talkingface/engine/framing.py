"""Where a face lies in a picture, against where the methods know faces."""

import logging
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Picture
from talkingface.face.align.crop import AffineCrop, nested, points_in
from talkingface.face.align.level_eyes import eyes_and_mouth, level_eye_crops
from talkingface.face.align.network_view import network_view
from talkingface.face.align.similarity import least_squares_similarity
from talkingface.face.landmarks import FaceFinder, open_finder

logger = logging.getLogger(__name__)

FARTHEST = 0.05  # share of the picture; drawn faces lie within 0.024, VoxCeleb2's crops at 0.07


@cache
def face_finder() -> FaceFinder:
    """Return what finds faces in pictures of any kind; each process loads it once, in a second."""
    return open_finder()


def as_networks_see(points: NDArray[np.floating]) -> list[AffineCrop]:
    """Return the crops in which the methods know faces, one for each frame of points (T, 68, 2)."""
    return [nested(crop, network_view()) for crop in level_eye_crops(points)]


@dataclass(frozen=True)
class Placement:
    """How a face lies in a picture, against where the methods know faces."""

    distance: float  # of the farthest of eyes and mouth, as a share of the picture
    size: float  # how many times as large the face is
    right: float  # as shares of the picture
    down: float
    turn: float  # degrees, clockwise

    def __str__(self) -> str:
        across = "right" if self.right > 0 else "left"
        along = "down" if self.down > 0 else "up"
        return (
            f"{self.size:.2f} times as large, {100 * abs(self.right):.0f} % to the {across}, "
            f"{100 * abs(self.down):.0f} % {along}, turned by {self.turn:.0f} degrees"
        )


def placement(picture: Picture, finder: FaceFinder) -> Placement | None:
    """Return how the largest face in a picture lies; None where none is found."""
    faces = finder.find(picture)
    if not faces:
        return None
    points = max(faces, key=lambda face: face.box.area).points[None]  # (1, 68, 2)
    crop = as_networks_see(points)[0]
    three = eyes_and_mouth(points)[0]  # (3, 2) in pixels
    height, width = picture.shape[:2]
    belongs = points_in(crop, three) / crop.size
    lies = three / np.array([width, height])
    (across, _, _), (along, _, _) = least_squares_similarity(belongs, lies)
    right, down = (lies - belongs).mean(axis=0)
    return Placement(
        distance=float(np.abs(belongs - lies).max()),
        size=float(np.hypot(across, along)),
        right=float(right),
        down=float(down),
        turn=float(np.rad2deg(np.arctan2(along, across))),
    )


def warn_of_another_place(portrait: Picture, name: str, cure: str) -> None:
    """Say so when the face in a portrait lies elsewhere than the methods know it."""
    found = placement(portrait, face_finder())
    if found and found.distance > FARTHEST:
        logger.warning(
            "The face in %s lies %.0f %% of the picture from where the method knows faces "
            "(it is %s), so the result will look wrong. %s",
            name,
            100 * found.distance,
            found,
            cure,
        )
