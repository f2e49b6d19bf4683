"""The crop of Rhythmic head motion: a square with room around the head, upright, 256 px.

Its size comes from the landmarks' box over the whole clip. It stands still (`fixed_crop`, the one
of the script for single videos) or glides after the eyes (`gliding_crops`).
"""

import numpy as np
from numpy.typing import NDArray

from talkingface.face.align.crop import RectangleCrop
from talkingface.face.points import Points, check_complete
from talkingface.face.smoothing import smoothed

SIZE = 256
# In units of a face 90 px large: the square's side, and where its corner lies seen from the eyes.
FACE, SIDE, UP, LEFT = 90, 205, 80, 100
GLIDE_WINDOW = 11


def fixed_crop(points: Points) -> RectangleCrop:
    """Return the one crop of a clip from its landmarks (T, 68, 2); a picture is T = 1."""
    return _crops(points, _corners(points).mean(axis=0, keepdims=True))[0]


def gliding_crops(points: Points) -> list[RectangleCrop]:
    """Return a crop for each frame from landmarks (T, 68, 2), smoothed over time."""
    return _crops(points, smoothed(_corners(points), GLIDE_WINDOW))


def _crops(points: Points, corners: NDArray[np.float64]) -> list[RectangleCrop]:
    side = int(SIDE * _face_size(points) / FACE)
    return [
        RectangleCrop(left, top, left + side, top + side, SIZE)
        for left, top in corners.astype(int).tolist()
    ]


def _corners(points: Points) -> NDArray[np.float64]:
    """Return the top left corner (x, y) that each frame alone would have, (T, 2)."""
    check_complete(points)
    # The original's slices leave out the last point of each eye.
    left_eye = points[:, 36:41].mean(axis=1, dtype=np.float64)
    right_eye = points[:, 42:47].mean(axis=1, dtype=np.float64)
    to_corner = np.array([LEFT, UP]) * (_face_size(points) / FACE)
    corners: NDArray[np.float64] = (left_eye + right_eye) / 2 - to_corner
    return corners


def _face_size(points: Points) -> float:
    """Return the longer side of the landmarks' box, averaged over the clip."""
    sides = np.ptp(points, axis=1).max(axis=1)
    return float(sides.mean(dtype=np.float64))
