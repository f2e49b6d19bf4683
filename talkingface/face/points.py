"""The 68 points of a face, by name.

They are those of iBUG 300-W, counted from 0. Left and right are those of the picture. Points are
pixels, x then y, y down; a third coordinate is depth in the same unit, larger is nearer.
"""

import numpy as np
from numpy.typing import NDArray

from talkingface.errors import DataError

Points = NDArray[np.floating]  # (..., 68, 2) or (..., 68, 3)

NUM_POINTS = 68
JAW = slice(0, 17)
BROWS = slice(17, 27)
NOSE = slice(27, 36)
LEFT_EYE = slice(36, 42)
RIGHT_EYE = slice(42, 48)
MOUTH = slice(48, 68)
INNER_MOUTH = slice(60, 68)
WITHOUT_JAW = slice(17, 68)

MOST_LISTED = 5  # frames that a message names


def check_complete(points: Points) -> None:
    """Refuse landmarks (T, 68, ...) where a frame has none (nan).

    Raises:
        DataError: naming the first such frames.
    """
    missing = np.flatnonzero(np.isnan(points).any(axis=(1, 2)))
    if len(missing):
        raise DataError(
            f"{len(missing)} of {len(points)} frames have no landmarks ({listed(missing)}). "
            "Let frames without a face 'hold' the last one, or cut the clip."
        )


def listed(frames: NDArray[np.intp]) -> str:
    """Return the numbers of frames for a message, the first few of them.

    >>> listed(np.arange(7))
    'frame 0, 1, 2, 3, 4, ...'
    """
    first = ", ".join(map(str, frames[:MOST_LISTED].tolist()))
    return f"frame {first}{', ...' if len(frames) > MOST_LISTED else ''}"
