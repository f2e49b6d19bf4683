"""How much the brows move: the mean change of their height over the eyes from frame to frame."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from talkingface.metrics.base import ClipContext, Reading, View
from talkingface.metrics.theval.measure import (
    BY_LANDMARKS,
    PUBLISHED,
    Measure,
    OfBothVideos,
    was_found,
)
from talkingface.metrics.theval.mesh import LANDMARKS, MESH, FacePoints

LEAST_EYE_DISTANCE_PX = 0.001


def brow_heights(points: Reading, names: FacePoints) -> NDArray[np.float64]:
    """Return the distance of each brow to its eye over the eyes' distance, (T', 2).

    Frames of (T, N, 2) pixels without a face, or with both eyes in one place, are left out.
    """
    points = points[was_found(points)]

    def middle(indices: tuple[int, ...]) -> NDArray[np.float64]:
        mean: NDArray[np.float64] = points[:, list(indices)].mean(axis=1)
        return mean

    left_eye, right_eye = middle(names.left_eye), middle(names.right_eye)
    size = np.linalg.norm(left_eye - right_eye, axis=1)
    heights = [
        np.linalg.norm(middle(brow) - eye, axis=1)
        for brow, eye in ((names.left_brow, left_eye), (names.right_brow, right_eye))
    ]
    usable = size >= LEAST_EYE_DISTANCE_PX
    ratios: NDArray[np.float64] = np.stack(heights, axis=1)[usable] / size[usable, None]
    return ratios


class EyebrowDynamics(Measure):
    """Mean absolute change of the heights; 0 with fewer than two frames, as published.

    A change spans the frames that are left out.
    """

    names: ClassVar[FacePoints] = MESH
    without_changes: ClassVar[float] = 0.0

    def __init__(self) -> None:
        self._last: NDArray[np.float64] = np.empty((0, 2))
        self._sum = 0.0
        self._count = 0

    def update(self, view: View, clip: ClipContext) -> None:
        """Take in the next window."""
        del clip
        height, width = view.frames.shape[1:3]
        points = self.names.shares(view) * np.array([width, height], dtype=np.float64)
        heights = np.concatenate([self._last, brow_heights(points, self.names)])
        changes = np.abs(np.diff(heights, axis=0))
        self._sum += float(changes.sum())
        self._count += changes.size
        self._last = heights[-1:]

    def compute(self) -> float:
        """Return the mean change."""
        return self._sum / self._count if self._count else self.without_changes


class EyebrowDynamics68(EyebrowDynamics):
    """The same of 68 landmarks; nan with fewer than two frames."""

    names = LANDMARKS
    without_changes = float("nan")


class THEvalEyebrowDynamics(OfBothVideos):
    """Eyebrow Dynamics as published."""

    settings: ClassVar = {**PUBLISHED, "mesh": "refined"}
    measure = EyebrowDynamics


class OwnEyebrowDynamics(OfBothVideos):
    """Eyebrow Dynamics of 68 landmarks."""

    settings: ClassVar = {**BY_LANDMARKS, "unit": "distance of the eyes"}
    measure = EyebrowDynamics68
