"""Eyes that close for a moment, every so many frames: the authors' optional helper."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

CLOSING = (0.45, 0.85, 0.95, 0.8, 0.45)  # frame by frame, of half of what an eye is open
UPPER_LIDS, LOWER_LIDS = [37, 38, 43, 44], [41, 40, 47, 46]


def blinking(fronts: NDArray[np.floating], every: int) -> Array:
    """Return frontal landmarks (T, 68, 3) that blink every so many frames; 0 for never."""
    blinked = fronts.astype(np.float64)
    if not every:
        return blinked
    for first in range(every - len(CLOSING), len(blinked), every):
        for frame, share in enumerate(CLOSING, start=first):
            if 0 <= frame < len(blinked):
                half = (blinked[frame, LOWER_LIDS] - blinked[frame, UPPER_LIDS]) / 2
                blinked[frame, UPPER_LIDS] += share * half
                blinked[frame, LOWER_LIDS] -= share * half
    return blinked
