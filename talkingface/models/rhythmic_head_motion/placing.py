"""From the head view in which faces act to the pixels of a picture, and back.

Everybody acts in a view of head and shoulders, 256 px. How that lies in a picture is a scale and a
shift; depth is scaled alike, and turns stay what they are.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from talkingface.face.align.similarity import Matrix, inverse
from talkingface.models.rhythmic_head_motion.resting import MIDDLE

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Placing:
    """How a head view lies in a picture."""

    scale: float
    shift: tuple[float, float]

    @classmethod
    def of(cls, to_view: Matrix) -> "Placing":
        """Return the way back of a crop, whose matrix leads from the picture to the view."""
        back = inverse(to_view)
        return cls(float(back[0, 0]), (float(back[0, 2]), float(back[1, 2])))

    def resized(self, factor: float) -> "Placing":
        """Return how the view lies in the picture enlarged by `factor`."""
        across, down = (factor * (one + 0.5) - 0.5 for one in self.shift)
        return Placing(factor * self.scale, (across, down))

    def points(self, landmarks: NDArray[np.floating]) -> Array:
        """Return landmarks (..., 68, 3) in pixels of the picture."""
        placed: Array = self.scale * landmarks + np.array([*self.shift, 0.0])
        return placed

    def fronts(self, fronts: NDArray[np.floating]) -> Array:
        """Return frontal landmarks (..., 68, 3) in the scale of the picture."""
        scaled: Array = MIDDLE + self.scale * (fronts - MIDDLE)
        return scaled

    def motions(self, motions: NDArray[np.floating]) -> Array:
        """Return head motions (T, 6) that pose such frontal landmarks in the picture."""
        return motions_of(turns_to_front(motions), self.points(middles(motions)))


def turns_to_front(motions: NDArray[np.floating]) -> Array:
    """Return the rotations (T, 3, 3) that turn heads to the front."""
    from scipy.spatial.transform import Rotation

    rotations: Array = Rotation.from_rotvec(motions[:, :3]).as_matrix()
    return rotations


def middles(motions: NDArray[np.floating]) -> Array:
    """Return where the middle of the face stands at each motion, (T, 3)."""
    back = MIDDLE - motions[:, None, 3:]
    where: Array = (back @ turns_to_front(motions))[:, 0]
    return where


def motions_of(to_front: NDArray[np.floating], where: NDArray[np.floating]) -> Array:
    """Return the motions (T, 6) of heads with these turns (T, 3, 3) and middles (T, 3)."""
    from scipy.spatial.transform import Rotation

    shifts = MIDDLE - np.einsum("tij,tj->ti", to_front, where)
    return np.concatenate([Rotation.from_matrix(to_front).as_rotvec(), shifts], axis=1)
