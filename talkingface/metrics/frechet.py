"""Fréchet distance of two sets of features (FID, Heusel et al. 2017), and the score over a split.

It compares all generated frames with all real ones, pooled over clips, and is biased up where
frames are few: below some 10,000 it compares with no other paper. Frames of one clip are near
copies, so the number of clips stands beside it too.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from talkingface.metrics.base import Networks, Pair, Pictures, SetMetric
from talkingface.metrics.moments import Moments

Matrix = NDArray[np.float64]  # (D, D)
Features = Callable[[Pictures], NDArray[np.float64]]  # (T, H, W, 3) to (T, D)


def frechet_distance(one: Moments, other: Moments) -> float:
    """Return ``|m1 - m2|² + tr(C1 + C2 - 2 (C1 C2)^½)``; nan with fewer than two rows a side.

    The root is taken of the symmetric ``C1^½ C2 C1^½``, which has the same trace and, unlike
    ``C1 C2``, no complex or negative part but rounding, also where rows are fewer than columns.
    """
    if min(one.count, other.count) < 2:
        return float("nan")
    first, second = one.covariance(ddof=1), other.covariance(ddof=1)
    root = _root(first)
    roots = np.sqrt(np.clip(np.linalg.eigvalsh(root @ second @ root), 0, None))
    apart = one.mean - other.mean
    return float(apart @ apart + np.trace(first) + np.trace(second) - 2 * roots.sum())


class FID(SetMetric):
    """Fréchet distance of all frames of all clips, by Inception's features."""

    compares = "nothing"  # any frames of real people will do
    settings: ClassVar = {"network": "Inception of 2015-12-05", "features": "pool3, 2048"}
    bounds = (0.0, np.inf)
    weights = ("fid_inception",)

    def __init__(self, features: Features) -> None:
        self._features = features
        self._generated, self._reference = Moments(), Moments()

    @classmethod
    def from_networks(cls, networks: Networks) -> Callable[[], Self]:
        """Return what makes this metric with the Inception of 2015-12-05."""
        from talkingface.metrics.inception import InceptionFeatures

        return partial(cls, InceptionFeatures.shared(networks, *cls.weights))

    def part(self, pair: Pair) -> dict[str, NDArray[np.generic]]:
        """Return the features of both sides, in the single precision of the network."""
        sides = {"generated": pair.generated, "reference": pair.reference}
        return {
            name: self._features(view.frames).astype(np.float32) for name, view in sides.items()
        }

    def take(self, part: Mapping[str, NDArray[np.generic]]) -> None:
        """Take in the features of a window or of a clip."""
        self._generated.update(part["generated"].astype(np.float64))
        self._reference.update(part["reference"].astype(np.float64))

    def compute(self) -> float:
        """Return the distance."""
        return frechet_distance(self._generated, self._reference)

    def facts(self) -> dict[str, float]:
        """Return how many frames each side has."""
        return {"num_frames": self._generated.count, "num_frames_of_real": self._reference.count}


def _root(matrix: Matrix) -> Matrix:
    """Return the symmetric square root of a symmetric matrix without negative eigenvalues."""
    values, vectors = np.linalg.eigh(matrix)
    root: Matrix = (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T
    return root
