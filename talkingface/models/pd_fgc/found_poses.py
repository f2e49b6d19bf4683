"""How filmed heads are held, by their landmarks: what their pose codes are taught.

The paper takes three angles and a shift from a fitted 3D face; here the shift is the place of the
landmarks in the picture, and the third number of it their size.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Picture
from talkingface.errors import DataError
from talkingface.face.landmarks import FaceFinder, find_face, open_finder
from talkingface.face.pose.head_pose import head_pose
from talkingface.models.base import Prepared
from talkingface.models.pd_fgc.factors import ANGLE_UNIT, POSE_WIDTH

PLACE_UNIT = 0.03  # of the side of the picture, and of the logarithm of the size
USUAL_SPREAD = 0.2  # of the landmarks about their middle, as a share of the side


def pose_code_at(prepared: Prepared, frame: int) -> NDArray[np.float32]:
    """Return the pose code (6,) of a frame; nan where no face is found in it."""
    picture = prepared["frames"].read(frame, frame + 1)[0]
    if prepared["landmarks"] is not None:
        points = prepared["landmarks"][frame]
    else:
        points = _found(picture, f"{prepared['name']}, frame {frame}")
    return pose_code_of(points, picture.shape[1])


def pose_code_of(points: NDArray[np.floating], side_px: int) -> NDArray[np.float32]:
    """Return the pose code (6,) of landmarks (68, 2) in a square picture; nan where they are.

    It is yaw, pitch, roll, how far to the right and down the face lies, and how large it is.
    """
    if np.isnan(points).any():
        return np.full(POSE_WIDTH, np.nan, dtype=np.float32)
    angles = head_pose(points[None, :, :2])[0] / ANGLE_UNIT
    middle = points[:, :2].mean(axis=0)
    spread = np.sqrt(((points[:, :2] - middle) ** 2).sum(axis=1).mean()) / side_px
    place = [*(middle / side_px - 0.5), np.log(spread / USUAL_SPREAD)]
    return np.concatenate([angles, np.array(place) / PLACE_UNIT]).astype(np.float32)


def _found(picture: Picture, where: str) -> NDArray[np.floating]:
    try:
        return find_face(picture, _finder(), where=where).points
    except DataError:
        return np.full((68, 2), np.nan)


@cache
def _finder() -> FaceFinder:
    return open_finder()
