"""Pictures to networks and back: uint8 of 0 to 255, and float of -1 to 1."""

import cv2
import numpy as np
import torch
from einops import rearrange
from numpy.typing import NDArray
from torch import Tensor

from talkingface.clip import Picture


def resized(picture: Picture, size: int) -> Picture:
    """Return a picture (H, W, 3) at the size of a network, (size, size, 3); most have it already.

    It is enlarged as published, bilinearly; one that shrinks is averaged, which does not flicker.
    """
    height, width = picture.shape[:2]
    if (height, width) == (size, size):
        return picture
    way = cv2.INTER_AREA if min(height, width) > size else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, (size, size), interpolation=way), dtype=np.uint8)


def to_frames(pictures: NDArray[np.uint8]) -> Tensor:
    """Return pictures (T, H, W, 3) as frames (T, 3, H, W) in [-1, 1]."""
    return from_levels(torch.from_numpy(pictures))


def from_levels(pictures: Tensor) -> Tensor:
    """Return pictures (..., H, W, 3) uint8, on any device, as (..., 3, H, W) in [-1, 1]."""
    return rearrange(pictures, "... h w c -> ... c h w").float() / 255 * 2 - 1


def to_pictures(frames: Tensor) -> NDArray[np.uint8]:
    """Return frames (T, 3, H, W) as pictures (T, H, W, 3), cut off to whole levels as published.

    >>> to_pictures(torch.tensor([-1.2, 0.0, 1.0]).view(3, 1, 1, 1).expand(3, 3, 1, 1))[:, 0, 0, 0]
    array([  0, 127, 255], dtype=uint8)
    """
    levels = ((frames.float() + 1) / 2 * 255).clamp(0, 255).to(torch.uint8)
    return rearrange(levels, "t c h w -> t h w c").contiguous().cpu().numpy()
