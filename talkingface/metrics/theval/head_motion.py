"""How much the head moves: a mixture of turning, its changes, and the way of the face's middle.

Units are mixed (degrees³ and pixels²), so the value depends on resolution and frame rate. The
published value needs FaceXFormer's poses; ours has the poses of whoever reads them here.
"""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from talkingface.metrics.base import ClipContext, Tail, View
from talkingface.metrics.moments import Moments
from talkingface.metrics.theval.measure import BY_LANDMARKS, Measure, OfBothVideos


class HeadMotion:
    """The moments that the measure is made of."""

    def __init__(self) -> None:
        self._poses, self._changes, self._places = Moments(), Moments(), Moments()
        self._tail = Tail(1)

    def update(self, degrees: NDArray[np.float64], places: NDArray[np.float64]) -> None:
        """Take in pitch, yaw, roll (T, 3) and the face's middle (T, 2) px of frames with a face."""
        self._poses.update(degrees)
        self._places.update(places)
        if len(degrees):
            track = self._tail.joined(degrees).astype(np.float64)
            self._changes.update(np.diff(track, axis=0))

    @property
    def count(self) -> int:
        """Number of frames."""
        return self._poses.count

    def value(self) -> float:
        """Return the measure; 0 for fewer than two frames, as published."""
        if self.count < 2:
            return 0.0
        restless = np.diag(self._changes.covariance()).mean() if self._changes.count > 1 else 0.0
        turning = self._poses.deviation().mean()
        wandering = np.diag(self._places.covariance()).mean()
        return float(np.sqrt(turning * restless + wandering))


class HeadMotion68(Measure):
    """The measure by the poses that are read here, and the box around 68 landmarks."""

    def __init__(self) -> None:
        self._motion = HeadMotion()

    def update(self, view: View, clip: ClipContext) -> None:
        """Take in the next window."""
        del clip
        degrees, landmarks = np.degrees(view.read("pose")), view.read("landmarks")
        found = np.isfinite(degrees).all(axis=1) & np.isfinite(landmarks).all(axis=(1, 2))
        boxes = landmarks[found]
        places = (boxes.min(axis=1, initial=np.inf) + boxes.max(axis=1, initial=-np.inf)) / 2
        self._motion.update(degrees[found], places)

    def compute(self) -> float:
        """Return the measure; nan for fewer than two frames."""
        return self._motion.value() if self._motion.count > 1 else float("nan")


class OwnHeadMotion(OfBothVideos):
    """Head Motion Dynamics by our own poses and 68 landmarks."""

    settings: ClassVar = {**BY_LANDMARKS, "unit": "degrees and px mixed"}
    measure = HeadMotion68
