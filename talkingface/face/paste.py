"""A generated face put back into the frame that it was cut from."""

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Picture
from talkingface.face.align.crop import Crop
from talkingface.face.align.similarity import Matrix, after, inverse, mapped

FEATHER = 0.1  # share of the crop's side over which the face fades out


def paste_back(face: Picture, crop: Crop, picture: Picture, feather: float = FEATHER) -> Picture:
    """Return `picture` (H, W, 3) with `face` (S, S, 3) where `crop` was, faded at the edges.

    The face may have any size; it stands for the whole view of the crop.
    """
    size = len(face)
    scale = crop.size / size
    to_view = np.array([[scale, 0, (scale - 1) / 2], [0, scale, (scale - 1) / 2]])
    to_picture = after(inverse(crop.matrix), to_view)
    left, top, right, bottom = _reach(to_picture, size, picture)
    whole = picture.copy()
    if left >= right or top >= bottom:
        return whole  # the crop lies wholly beyond the frame
    to_picture -= np.array([[0, 0, left], [0, 0, top]])
    extent = (right - left, bottom - top)
    warped = cv2.warpAffine(face, to_picture, extent)
    weight = cv2.warpAffine(feathered_mask(size, feather), to_picture, extent)[..., None]
    place = whole[top:bottom, left:right]
    place[:] = np.rint(weight * warped + (1 - weight) * place)
    return whole


@cache
def feathered_mask(size: int, feather: float = FEATHER) -> NDArray[np.float32]:
    """Return weights (size, size) that rise from 0 at the edge to 1 within `feather` of the side.

    The rise is half a cosine, so that neither its beginning nor its end is seen as a line.
    """
    inward = np.minimum(np.arange(size), np.arange(size)[::-1]) / max(1.0, feather * size)
    rise = (1 - np.cos(np.pi * inward.clip(0, 1))) / 2
    return np.outer(rise, rise).astype(np.float32)


def _reach(to_picture: Matrix, size: int, picture: Picture) -> tuple[int, int, int, int]:
    """Return the part of `picture` that the face touches: left, top, right, bottom."""
    corners = mapped(to_picture, np.array([[0, 0], [0, size], [size, 0], [size, size]]))
    height, width = picture.shape[:2]
    left, top = np.floor(corners.min(axis=0)).astype(int).clip(0).tolist()
    right, bottom = (np.ceil(corners.max(axis=0)).astype(int) + 1).tolist()
    return left, top, min(right, width), min(bottom, height)
