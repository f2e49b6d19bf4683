"""What THEval's measures have in common: a raw value of one video, and the real one's beside it."""

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from talkingface.metrics.base import ClipContext, Metric, Pair, Reading, View

PUBLISHED: dict[str, float | str] = {"reader": "MediaPipe 0.10.21, a tracker for each video"}
BY_LANDMARKS: dict[str, float | str] = {"reader": "68 landmarks"}
HEARD: dict[str, float | str] = {"speech": "as the clip knows it, else by Silero 5.1.2"}


class Measure(ABC):
    """Takes in one video window by window and gives one raw value."""

    @abstractmethod
    def update(self, view: View, clip: ClipContext) -> None:
        """Take in the next window."""

    @abstractmethod
    def compute(self) -> float:
        """Return the raw value of the video."""


class OfBothVideos(Metric):
    """The raw value of the generated video; that of the real one stands beside it.

    `score.set_score` makes the score of a set of videos from both.
    """

    compares = "nothing"
    bounds = (0.0, np.inf)
    measure: ClassVar[type[Measure]]

    def __init__(self) -> None:
        self._generated, self._reference = self.measure(), self.measure()

    def update(self, pair: Pair) -> None:
        """Take in the next window of both videos."""
        self._generated.update(pair.generated, pair.clip)
        self._reference.update(pair.reference, pair.clip)

    def compute(self) -> float:
        """Return the generated video's raw value."""
        return self._generated.compute()

    def facts(self) -> dict[str, float]:
        """Return the real video's raw value."""
        return {"of_real": self._reference.compute()}


def was_found(points: Reading) -> NDArray[np.bool_]:
    """Return in which frames of (T, N, 2) a face was found."""
    return np.asarray(np.isfinite(points).all(axis=(1, 2)))
