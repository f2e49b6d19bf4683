"""What of a picture is covered before the networks see it.

Paper: arXiv:2007.08547, section 4. Eyes and mouth of the warped pictures are hidden, so that they
cannot be copied; what the rendered face can teach is the face alone.
"""

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Picture

DARKEST_RENDERED = 10  # of 255: below this the rendered face is taken for its black background


def hidden(picture: NDArray[np.floating], regions: NDArray[np.bool_]) -> NDArray[np.floating]:
    """Return a picture (C, H, W) in [-1, 1] that is black where `regions` (H, W) is true."""
    return np.where(regions, picture.dtype.type(-1), picture)


def cut_out(picture: Picture, rendered: Picture) -> Picture:
    """Return a picture that is black where the rendered face is, channel by channel."""
    return np.where(rendered < DARKEST_RENDERED, np.uint8(0), picture)
