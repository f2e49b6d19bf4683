"""How pictures and pose frames reach the networks of PC-AVS."""

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from talkingface.face.align.crop import RectangleCrop
from talkingface.nn.pictures import to_frames

ALIGNED_SIZE = 224  # of an aligned face, see `talkingface.face.align.level_eyes`


def network_crop(size: int = ALIGNED_SIZE) -> RectangleCrop:
    """Return the part of an aligned face that the networks see: less of its sides and its foot."""
    return RectangleCrop(left=16, top=0, right=208, bottom=192, size=size)


def network_frames(pictures: NDArray[np.uint8], size: int = ALIGNED_SIZE) -> Tensor:
    """Return aligned faces (T, 224, 224, 3) as the networks take them, (T, 3, size, size)."""
    crop = network_crop(size)
    return to_frames(np.stack([crop.cut(picture) for picture in pictures]))


def to_and_fro(frame: int, num_frames: int) -> int:
    """Return which of `num_frames` pose frames is shown at `frame`: to the end, back, and again.

    >>> [to_and_fro(frame, 3) for frame in range(8)]
    [0, 1, 2, 2, 1, 0, 0, 1]
    """
    turn, step = divmod(frame, num_frames)
    return num_frames - 1 - step if turn % 2 else step
