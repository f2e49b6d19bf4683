"""How the landmarks move: velocity against the real one (LVD), and jitter.

Jitter is the generated face's own and stands beside the real one's: as much as the real face has
is best, not none. Pixels are those of a frame whose longer side has 224.
"""

from abc import abstractmethod
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from talkingface.face.points import MOUTH
from talkingface.metrics.base import FrameMean, Pair, Tail
from talkingface.metrics.landmark_distance import ALL, SIDE_PX, PerFrame, Points, landmarks_of


def velocity_difference(generated: Points, reference: Points) -> PerFrame:
    """Return how the velocities of the points differ from frame to frame, (T - 1,) px/frame."""
    apart = np.diff(generated, axis=0) - np.diff(reference, axis=0)
    mean: PerFrame = np.linalg.norm(apart, axis=-1).mean(axis=1)
    return mean


def jitter(points: Points) -> PerFrame:
    """Return the mean acceleration of the points, (T - 2,) px/frame²."""
    mean: PerFrame = np.linalg.norm(np.diff(points, n=2, axis=0), axis=-1).mean(axis=1)
    return mean


class LandmarkMotion(FrameMean):
    """A score of neighbouring frames, which may lie in different windows.

    A difference counts if both faces were found in all of its frames.
    """

    settings: ClassVar = {"longer_side_px": SIDE_PX}
    bounds = (0.0, np.inf)
    num_frames_before: ClassVar[int]

    def __init__(self) -> None:
        super().__init__()
        self._tail = Tail(self.num_frames_before)

    def of_frames(self, pair: Pair) -> PerFrame:
        """Return the score of each difference that ends in this window."""
        both = np.stack(landmarks_of(pair), axis=1)
        track: NDArray[np.float64] = self._tail.joined(both).astype(np.float64)
        return self.of_track(track[:, 0], track[:, 1])

    @abstractmethod
    def of_track(self, generated: Points, reference: Points) -> PerFrame:
        """Return the score of each difference in consecutive frames (T, 68, 2)."""


class LVD(LandmarkMotion):
    """Velocity difference of all points."""

    num_frames_before = 1
    part: ClassVar[slice] = ALL

    def of_track(self, generated: Points, reference: Points) -> PerFrame:
        """Return the velocity difference."""
        return velocity_difference(generated[:, self.part], reference[:, self.part])


class MouthLVD(LVD):
    """Velocity difference of the mouth points."""

    tells_of_speech = True
    part = MOUTH


class Jitter(LandmarkMotion):
    """Acceleration of the generated points, the real one's beside it."""

    compares = "nothing"
    num_frames_before = 2

    def __init__(self) -> None:
        super().__init__()
        self._sum_of_real = 0.0

    def of_track(self, generated: Points, reference: Points) -> PerFrame:
        """Return the generated face's jitter where the real one has one too."""
        ours, theirs = jitter(generated), jitter(reference)
        both = np.isfinite(ours) & np.isfinite(theirs)
        self._sum_of_real += float(theirs[both].sum())
        return np.where(both, ours, np.nan)

    def facts(self) -> dict[str, float]:
        """Return the counts, and the jitter of the real face."""
        real = self._sum_of_real / self._count if self._count else float("nan")
        return {**super().facts(), "of_real": real}
