"""How far the pose of the head is from the real one, by axis and as one angle.

Poses are yaw, pitch and roll in radians as `face.pose.angles` has them; errors are degrees. Both
sides must come from one estimator and one crop.
"""

from abc import abstractmethod
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from talkingface.face.pose.angles import rotations_of
from talkingface.metrics.base import FrameMean, Pair

TURNS: dict[str, float | str] = {"order": "Rz(roll) Ry(yaw) Rx(pitch)"}

Pose = NDArray[np.float64]  # (T, 3) yaw, pitch, roll in radians, nan where no face was found


def axis_errors(generated: Pose, reference: Pose) -> NDArray[np.float64]:
    """Return the absolute difference of each angle (T, 3) in degrees, the short way round.

    >>> axis_errors(np.radians([[179.0, 0, 0]]), np.radians([[-179.0, 0, 0]])).round(6).tolist()
    [[2.0, 0.0, 0.0]]
    """
    apart = np.degrees(generated - reference)
    short: NDArray[np.float64] = np.abs((apart + 180) % 360 - 180)
    return short


def turn_between(generated: Pose, reference: Pose) -> NDArray[np.float64]:
    """Return the angle (T,) in degrees by which one head must turn to look as the other."""
    found = np.isfinite(generated).all(axis=1) & np.isfinite(reference).all(axis=1)
    angles = np.full(len(generated), np.nan)
    if found.any():
        ours, theirs = (
            Rotation.from_matrix(rotations_of(pose[found])) for pose in (generated, reference)
        )
        # Of a quaternion, which is exact for small angles; the trace of a matrix is not.
        angles[found] = np.degrees((ours.inv() * theirs).magnitude())
    return angles


class PoseMean(FrameMean):
    """An error of each frame's pose, averaged over the frames with both faces."""

    compares = "pose"
    bounds = (0.0, 180.0)

    def of_frames(self, pair: Pair) -> NDArray[np.float64]:
        """Return the error of each frame of the window."""
        return self.of_poses(pair.generated.read("pose"), pair.reference.read("pose"))

    @abstractmethod
    def of_poses(self, generated: Pose, reference: Pose) -> NDArray[np.float64]:
        """Return the error of each frame."""


class PoseError(PoseMean):
    """Mean over the three angles of their difference."""

    settings: ClassVar = {"angles": "yaw, pitch, roll, the short way round", **TURNS}

    def of_poses(self, generated: Pose, reference: Pose) -> NDArray[np.float64]:
        """Return the error of each frame."""
        mean: NDArray[np.float64] = axis_errors(generated, reference).mean(axis=1)
        return mean


class PoseTurn(PoseMean):
    """The angle of the turn between both heads."""

    settings: ClassVar = TURNS

    def of_poses(self, generated: Pose, reference: Pose) -> NDArray[np.float64]:
        """Return the angle in each frame."""
        return turn_between(generated, reference)
