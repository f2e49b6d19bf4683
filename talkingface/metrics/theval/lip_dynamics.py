"""How much the shape of the lips varies: the spread over time of all distances of their points."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from talkingface.metrics.base import ClipContext, Reading, View
from talkingface.metrics.moments import Moments
from talkingface.metrics.theval.measure import (
    BY_LANDMARKS,
    PUBLISHED,
    Measure,
    OfBothVideos,
    was_found,
)
from talkingface.metrics.theval.mesh import LANDMARKS, MESH_OF_SQUARE

SIDE_PX = 256  # THEval squeezes frames to a square of this size


def pair_distances(points: Reading, indices: Sequence[int]) -> Reading:
    """Return the distance of each pair of the points (T, N, 2) that are named, (T, pairs)."""
    chosen = points[:, list(indices)]
    first, second = np.triu_indices(len(indices), k=1)
    distances: Reading = np.linalg.norm(chosen[:, first] - chosen[:, second], axis=2)
    return distances


class LipDynamics(Measure):
    """Mean of the deviations of all distances, pixels at 256; 0 without any face, as published."""

    def __init__(self) -> None:
        self._distances = Moments()

    def update(self, view: View, clip: ClipContext) -> None:
        """Take in the next window."""
        del clip
        points = MESH_OF_SQUARE.shares(view) * SIDE_PX
        self._distances.update(pair_distances(points[was_found(points)], MESH_OF_SQUARE.lips))

    def compute(self) -> float:
        """Return the mean deviation."""
        return float(self._distances.deviation().mean()) if self._distances.count else 0.0


class LipDynamics68(LipDynamics):
    """The same of 68 landmarks, in units of the distance between the eyes; nan without a face."""

    def update(self, view: View, clip: ClipContext) -> None:
        """Take in the next window."""
        del clip
        points = view.read(LANDMARKS.reading)
        points = points[was_found(points)]
        left, right = (
            points[:, list(eye)].mean(axis=1) for eye in (LANDMARKS.left_eye, LANDMARKS.right_eye)
        )
        size = np.linalg.norm(left - right, axis=1, keepdims=True)
        self._distances.update(pair_distances(points, LANDMARKS.lips) / size)

    def compute(self) -> float:
        """Return the mean deviation."""
        return super().compute() if self._distances.count else float("nan")


class THEvalLipDynamics(OfBothVideos):
    """Lip Dynamics as published."""

    settings: ClassVar = {**PUBLISHED, "mesh": "refined, of frames squeezed to 256 px"}
    measure = LipDynamics


class OwnLipDynamics(OfBothVideos):
    """Lip Dynamics of 68 landmarks."""

    settings: ClassVar = {**BY_LANDMARKS, "unit": "distance of the eyes"}
    measure = LipDynamics68
