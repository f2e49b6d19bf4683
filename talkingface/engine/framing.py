"""Where a face lies in a picture, against where the methods know faces."""

import logging

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Picture
from talkingface.face.align.crop import AffineCrop, nested, points_in
from talkingface.face.align.level_eyes import eyes_and_mouth, level_eye_crops
from talkingface.face.align.network_view import network_view
from talkingface.face.landmarks import FaceFinder, open_finder

logger = logging.getLogger(__name__)

FARTHEST = 0.05  # share of the picture; drawn faces lie within 0.024, VoxCeleb2's crops at 0.07


def as_networks_see(points: NDArray[np.floating]) -> list[AffineCrop]:
    """Return the crops in which the methods know faces, one for each frame of points (T, 68, 2)."""
    return [nested(crop, network_view()) for crop in level_eye_crops(points)]


def distance_from_place(picture: Picture, finder: FaceFinder) -> float:
    """Return how far eyes and mouth lie from where they belong, as a share of the picture.

    The largest face counts; a picture in which none is found is taken as it is: 0.
    """
    faces = finder.find(picture)
    if not faces:
        return 0.0
    points = max(faces, key=lambda face: face.box.area).points[None]  # (1, 68, 2)
    crop = as_networks_see(points)[0]
    three = eyes_and_mouth(points)[0]  # (3, 2) in pixels
    height, width = picture.shape[:2]
    belongs = points_in(crop, three) / crop.size
    lies = three / np.array([width, height])
    return float(np.abs(belongs - lies).max())


def warn_of_another_place(portrait: Picture, name: str, cure: str) -> None:
    """Say so when the face in a portrait lies elsewhere than the methods know it."""
    distance = distance_from_place(portrait, open_finder())
    if distance > FARTHEST:
        logger.warning(
            "The face in %s lies %.0f %% of the picture from where the method knows faces, so the "
            "result will look wrong. %s",
            name,
            100 * distance,
            cure,
        )
