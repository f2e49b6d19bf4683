"""The crop of PC-AVS, which PD-FGC shares: eyes level, mouth in its place, 224 px.

One similarity serves the whole clip, so that the face neither grows nor turns with its landmarks;
a shift of each frame then holds the mouth still, and turns of the head remain.
"""

import numpy as np
from numpy.typing import NDArray

from talkingface.face.align.crop import AffineCrop
from talkingface.face.align.similarity import least_squares_similarity, mapped
from talkingface.face.points import INNER_MOUTH, LEFT_EYE, RIGHT_EYE, Points, check_complete

SIZE = 224
TARGET = np.array([[87.0, 59.0], [137.0, 59.0], [112.0, 120.0]])  # left eye, right eye, mouth
KEEP = 0.2  # of the shift of the frame before


def level_eye_crops(points: Points) -> list[AffineCrop]:
    """Return one crop for each frame of a clip from its landmarks (T, 68, 2); a picture is T = 1.

    Raises:
        DataError: a frame has no landmarks.
    """
    check_complete(points)
    three = eyes_and_mouth(points)
    matrix = least_squares_similarity(three.mean(axis=0), TARGET)
    crops = []
    shift: NDArray[np.float64] | None = None
    for mouth in mapped(matrix, three[:, 2]):
        off = TARGET[2] - mouth
        shift = off if shift is None else KEEP * shift + (1 - KEEP) * off
        crops.append(AffineCrop(np.column_stack([matrix[:, :2], matrix[:, 2] + shift]), SIZE))
    return crops


def eyes_and_mouth(points: Points) -> NDArray[np.float64]:
    """Return the middles of left eye, right eye and inner mouth, (T, 3, 2)."""
    groups = (LEFT_EYE, RIGHT_EYE, INNER_MOUTH)
    middles = [points[:, group].mean(axis=1, dtype=np.float64) for group in groups]
    return np.stack(middles, axis=1)
