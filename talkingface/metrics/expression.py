"""Distance of expression: in the coefficients of a 3D face model (AED), or in the moods' strengths.

The second is read in drawn faces alone, by the reader that comes with the toolkit.
"""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from talkingface.face.reader.network import EMOTION_NAMES
from talkingface.metrics.base import FrameMean, Pair


def mean_absolute_difference(
    generated: NDArray[np.float64], reference: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the mean over coefficients (T, K) of their absolute difference, (T,)."""
    mean: NDArray[np.float64] = np.abs(generated - reference).mean(axis=1)
    return mean


class ExpressionDistance(FrameMean):
    """Mean L1 distance of the expression coefficients, both read by one model."""

    compares = "emotion"
    settings: ClassVar = {"distance": "L1"}
    bounds = (0.0, np.inf)

    def of_frames(self, pair: Pair) -> NDArray[np.float64]:
        """Return the distance in each frame of the window."""
        return mean_absolute_difference(
            pair.generated.read("expression"), pair.reference.read("expression")
        )


class EmotionError(FrameMean):
    """Mean absolute difference of the moods' strengths, which reach from 0 to 1."""

    compares = "emotion"
    settings: ClassVar = {"distance": "L1", "moods": ", ".join(EMOTION_NAMES)}
    bounds = (0.0, np.inf)

    def of_frames(self, pair: Pair) -> NDArray[np.float64]:
        """Return the difference in each frame of the window."""
        return mean_absolute_difference(
            pair.generated.read("emotion"), pair.reference.read("emotion")
        )
