"""Grey as OpenCV makes it: BT.601 luma of RGB, rounded to whole levels."""

import cv2
import numpy as np
from numpy.typing import NDArray


def gray(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a picture (H, W, 3) RGB in grey, (H, W)."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
