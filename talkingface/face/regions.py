"""The boxes of eyes and mouth, which Rhythmic head motion hides from its references."""

import numpy as np
from numpy.typing import NDArray

from talkingface.face.points import LEFT_EYE, RIGHT_EYE

MOUTH_EXTREMES = [48, 50, 51, 54, 57]
EYES_AND_BROWS = [21, 22, 24, 26, 36, 39, 42, 45]
EYE_MARGIN_PX, MOUTH_MARGIN_PX = 2, 5


def eye_and_mouth_boxes(
    points: NDArray[np.floating], size: int = 256, *, with_brows: bool = False
) -> NDArray[np.intp]:
    """Return the boxes of left eye, right eye and mouth of landmarks (68, 2), as (3, 4).

    A row is left, top, right, bottom; the latter two are the first left out. All lie within a
    picture of `size` pixels. With brows, one box (2, 4) is around both eyes and the brows.
    """
    eyes = (
        [(points[EYES_AND_BROWS], MOUTH_MARGIN_PX)]
        if with_brows
        else [(points[LEFT_EYE], EYE_MARGIN_PX), (points[RIGHT_EYE], EYE_MARGIN_PX)]
    )
    boxes = [
        np.concatenate([group.min(axis=0)[:2] - margin, group.max(axis=0)[:2] + margin])
        for group, margin in (*eyes, (points[MOUTH_EXTREMES], MOUTH_MARGIN_PX))
    ]
    return np.array(boxes).clip(0, size - 1).astype(np.intp)


def eye_and_mouth_mask(
    points: NDArray[np.floating], size: int = 256, *, with_brows: bool = False
) -> NDArray[np.bool_]:
    """Return which pixels (size, size) lie in the boxes of eyes and mouth."""
    mask = np.zeros((size, size), dtype=np.bool_)
    for left, top, right, bottom in eye_and_mouth_boxes(points, size, with_brows=with_brows):
        mask[top:bottom, left:right] = True
    return mask
