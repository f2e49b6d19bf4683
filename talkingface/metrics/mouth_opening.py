"""How far the mouth is open: the error against the real one, and whether both open together."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from talkingface.metrics.base import Metric, Pair
from talkingface.metrics.landmark_distance import LandmarkMean, PerFrame, Points, landmarks_of
from talkingface.metrics.moments import Moments

LEFT_CORNER, UPPER_LIP, RIGHT_CORNER, LOWER_LIP = 60, 62, 64, 66  # of the inner mouth
OPENING: dict[str, float | str] = {"opening": "inner mouth, height over width"}
LEAST_DEVIATION = 1e-9  # of a mouth that moves; below is rounding


def mouth_aspect_ratio(points: Points) -> PerFrame:
    """Return the height of the open mouth over its width in each frame of points (T, 68, 2)."""
    height = np.linalg.norm(points[:, UPPER_LIP] - points[:, LOWER_LIP], axis=-1)
    width = np.linalg.norm(points[:, LEFT_CORNER] - points[:, RIGHT_CORNER], axis=-1)
    ratio: PerFrame = height / width
    return ratio


def mouth_openings(pair: Pair) -> NDArray[np.float64]:
    """Return the openings of both mouths in each frame, (T, 2): generated, real."""
    both = [mouth_aspect_ratio(points) for points in landmarks_of(pair)]
    return np.stack(both, axis=1)


class MouthOpeningError(LandmarkMean):
    """Mean absolute difference of the openings."""

    compares = "lip"
    tells_of_speech = True
    settings: ClassVar = OPENING

    def of_points(self, generated: Points, reference: Points) -> PerFrame:
        """Return the difference in each frame."""
        return np.abs(mouth_aspect_ratio(generated) - mouth_aspect_ratio(reference))


class MouthOpeningCorrelation(Metric):
    """Pearson's correlation of the openings over time; nan where a mouth never moves.

    Keeps both openings of every frame, to be drawn.
    """

    compares = "lip"
    tells_of_speech = True
    settings: ClassVar = OPENING
    bounds = (-1.0, 1.0)

    def __init__(self) -> None:
        self._openings = Moments()
        self._track: list[NDArray[np.float64]] = []  # (T, 2) each
        self._num_missing = 0

    def update(self, pair: Pair) -> None:
        """Take in the next window; frames without both faces do not count."""
        openings = mouth_openings(pair)
        found = np.isfinite(openings).all(axis=1)
        self._openings.update(openings[found])
        self._track.append(openings)
        self._num_missing += int((~found).sum())

    def compute(self) -> float:
        """Return the correlation."""
        if self._openings.count < 2:
            return float("nan")
        deviations = self._openings.deviation()
        if deviations.min() < LEAST_DEVIATION:
            return float("nan")
        return float(self._openings.covariance()[0, 1] / deviations.prod())

    def facts(self) -> dict[str, float]:
        """Return how many frames count and how many do not."""
        return {"num_frames": self._openings.count, "num_missing": self._num_missing}

    def curves(self) -> dict[str, NDArray[np.floating]]:
        """Return the opening of either mouth in each frame; nan where no face was found."""
        track = np.concatenate([np.empty((0, 2)), *self._track])
        return {"generated": track[:, 0], "real": track[:, 1]}
