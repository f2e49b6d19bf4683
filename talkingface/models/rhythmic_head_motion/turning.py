"""How far a head may leave the pose of its photograph: what that does not show cannot be drawn.

Up to `FREE` it turns as asked, beyond that less and less, and it never reaches `MOST`. The farther
the photograph itself is turned away, the less it has to give: at `FARTHEST` nothing.
"""

import numpy as np
from numpy.typing import NDArray

from talkingface.face.pose.angles import angle_between
from talkingface.models.rhythmic_head_motion.placing import middles, motions_of, turns_to_front

Array = NDArray[np.float64]

FREE, MOST, FARTHEST = np.radians([10.0, 18.0, 40.0])
FREE_PX, MOST_PX = 10.0, 25.0  # shifts in a head view of 256 px


def kept_near(motions: NDArray[np.floating], own: NDArray[np.floating]) -> Array:
    """Return motions (T, 6) that stay near a photograph's `own` (6,)."""
    from scipy.spatial.transform import Rotation

    (own_turn,), (own_middle,) = turns_to_front(own[None]), middles(own[None])
    asked = Rotation.from_matrix(np.swapaxes(turns_to_front(motions), 1, 2) @ own_turn).as_rotvec()
    most = most_turn(own)
    turns = Rotation.from_rotvec(damped(asked, most * (FREE / MOST), most)).as_matrix()
    shifts = damped(middles(motions) - own_middle, FREE_PX, MOST_PX)
    return motions_of(own_turn @ np.swapaxes(turns, 1, 2), own_middle + shifts)


def most_turn(own: NDArray[np.floating]) -> float:
    """Return by how much, in radians, the head of a photograph with motion `own` (6,) may turn."""
    away = np.arccos(turns_to_front(own[None])[0, 2, 2].clip(-1, 1))  # yaw and pitch together
    return float(MOST * (1 - away / FARTHEST).clip(0))


def farthest_turn(motions: NDArray[np.floating], own: NDArray[np.floating]) -> float:
    """Return the largest angle in radians between the pose `own` (6,) and those of (T, 6)."""
    return float(angle_between(turns_to_front(motions), turns_to_front(own[None])).max())


def damped(vectors: NDArray[np.floating], free: float, most: float) -> Array:
    """Return vectors (T, D), those longer than `free` shortened smoothly to less than `most`.

    >>> damped(np.array([[3.0, 4.0], [30.0, 40.0]]), 6.0, 10.0).round(2).tolist()
    [[3.0, 4.0], [6.0, 8.0]]
    """
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    beyond = (lengths - free).clip(0) / max(most - free, 1e-9)
    kept = np.minimum(lengths, free) + (most - free) * np.tanh(beyond)
    return np.asarray(vectors * (kept / np.maximum(lengths, np.finfo(np.float64).tiny)))
