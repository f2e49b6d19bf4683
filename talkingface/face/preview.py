"""A picture that shows what was found: the face's box, its points, and what is cut out."""

import cv2
import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Picture
from talkingface.face.align.crop import Crop
from talkingface.face.align.similarity import inverse, mapped
from talkingface.face.landmarks.face import Face

BOX_COLOUR = (255, 200, 0)
POINT_COLOUR = (0, 255, 120)
CROP_COLOUR = (255, 60, 60)
FRACTION_BITS = 4  # OpenCV draws at sixteenths of a pixel


def preview(picture: Picture, face: Face, crop: Crop) -> Picture:
    """Return `picture` with box, points and the crop's outline drawn, and the crop at its right."""
    drawn = picture.copy()
    thickness = max(1, max(picture.shape[:2]) // 400)
    left, top, right, bottom = face.box
    box = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
    _outline(drawn, box, BOX_COLOUR, thickness)
    # The outline runs along the outer edge of the view's pixels.
    low, high = -0.5, crop.size - 0.5
    corners = np.array([[low, low], [high, low], [high, high], [low, high]])
    _outline(drawn, mapped(inverse(crop.matrix), corners), CROP_COLOUR, thickness)
    for point in _fixed_point(face.points):
        cv2.circle(
            drawn,
            point.tolist(),
            2 * thickness << FRACTION_BITS - 1,
            POINT_COLOUR,
            cv2.FILLED,
            cv2.LINE_AA,
            FRACTION_BITS,
        )
    return _side_by_side(drawn, crop.cut(picture))


def _outline(
    picture: Picture, corners: NDArray[np.floating], colour: tuple[int, int, int], thickness: int
) -> None:
    cv2.polylines(
        picture, [_fixed_point(corners)], True, colour, thickness, cv2.LINE_AA, FRACTION_BITS
    )


def _fixed_point(points: NDArray[np.floating]) -> NDArray[np.int32]:
    whole: NDArray[np.floating] = np.rint(points * (1 << FRACTION_BITS))
    return whole.astype(np.int32)


def _side_by_side(picture: Picture, view: Picture) -> Picture:
    """Return both at the height of the taller, on black."""
    height = max(len(picture), len(view))
    panels = [np.pad(one, ((0, height - len(one)), (0, 0), (0, 0))) for one in (picture, view)]
    return np.hstack(panels)
