"""Where a face lies in a picture, against where the methods know faces."""

import logging
from dataclasses import dataclass
from functools import cache

import numpy as np

from talkingface.clip import Picture
from talkingface.face.align.crop import Crop, points_in
from talkingface.face.align.level_eyes import eyes_and_mouth
from talkingface.face.align.similarity import least_squares_similarity
from talkingface.face.align.view import View, view_crops
from talkingface.face.landmarks import FaceFinder, open_finder

logger = logging.getLogger(__name__)

LEAST_SEEN = 0.9  # share of what a method sees of a face that should be in the picture
FARTHEST = 0.065  # share of the picture; drawn faces lie within 0.062, VoxCeleb2's crops at 0.07


@cache
def face_finder() -> FaceFinder:
    """Return what finds faces in pictures of any kind; each process loads it once, in a second."""
    return open_finder()


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


def placement(picture: Picture, finder: FaceFinder, view: View = "face") -> Placement | None:
    """Return how the largest face in a picture lies against a view; None where none is found."""
    faces = finder.find(picture)
    if not faces:
        return None
    points = max(faces, key=lambda face: face.box.area).points[None]  # (1, 68, 2)
    crop = view_crops(points, view)[0]
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


def warn_of_another_place(portrait: Picture, name: str, cure: str, view: View = "face") -> None:
    """Say so when the face in a portrait lies elsewhere than a method knows it."""
    if view == "whole":
        return
    found = placement(portrait, face_finder(), view)
    if found and found.distance > FARTHEST:
        logger.warning(
            "The face in %s lies %.0f %% of the picture from where the method knows faces "
            "(it is %s), so the result will look wrong. %s",
            name,
            100 * found.distance,
            found,
            cure,
        )


def warn_of_what_is_beyond(picture: Picture, crop: Crop, name: str) -> None:
    """Say so when a picture ends within what is cut out of it."""
    seen = crop.cut(np.full_like(picture, 255)).mean() / 255
    if seen < LEAST_SEEN:
        logger.warning(
            "Of what the method sees of a person %.0f %% lie beyond the edge of %s and stay black. "
            "Choose a picture with more around the face.",
            100 * (1 - seen),
            name,
        )
