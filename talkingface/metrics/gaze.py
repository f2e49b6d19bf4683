"""How far the generated face looks from where the real one looks."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from talkingface.metrics.base import FrameMean, Pair

Directions = NDArray[np.float64]  # (T, 3) of any length, nan where the eyes are closed or not found


def angle_between(generated: Directions, reference: Directions) -> NDArray[np.float64]:
    """Return the angle between two directions in each frame (T,), degrees.

    >>> angle_between(np.array([[0.0, 0, 2]]), np.array([[0.0, 1, 0]]))
    array([90.])
    """
    across = np.linalg.norm(np.cross(generated, reference), axis=1)
    along = (generated * reference).sum(axis=1)
    # Exact for small angles, where the arc cosine is not.
    angles: NDArray[np.float64] = np.degrees(np.arctan2(across, along))
    return angles


class GazeError(FrameMean):
    """Mean angle between the gazes over the frames in which both have their eyes open."""

    compares = "gaze"
    settings: ClassVar = {"frames": "with open eyes on both sides"}
    bounds = (0.0, 180.0)

    def of_frames(self, pair: Pair) -> NDArray[np.float64]:
        """Return the angle in each frame of the window."""
        return angle_between(pair.generated.read("gaze"), pair.reference.read("gaze"))
