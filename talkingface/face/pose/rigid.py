"""Head motion as a rigid motion of 68 points in space, as Rhythmic head motion measures it.

A motion is six numbers, a rotation vector (radians) and a translation (pixels). It takes a frame's
landmarks to the frontal ones, ``front = R p + t``; the same six numbers turn frontal points back
into the frame's pose.
"""

import numpy as np
from numpy.typing import NDArray

from talkingface.face.pose.canonical import CANONICAL_FACE

Array = NDArray[np.float64]

# Points that hold still in speech: jaw near the ears, nose, corners of eyes and brows.
STILL_POINTS = np.array(
    [*range(1, 6), *range(11, 16), *range(27, 36), 39, 42, 36, 45, 17, 21, 22, 26]
)


def head_motions(
    points: NDArray[np.floating], canonical: NDArray[np.floating] = CANONICAL_FACE
) -> Array:
    """Return the motion (T, 6) of each frame's landmarks (T, 68, 3) to the `canonical` (68, 3)."""
    from scipy.spatial.transform import Rotation

    moving, still = points[:, STILL_POINTS], canonical[STILL_POINTS]
    rotations = best_rotations(moving, still)
    shifts = still.mean(axis=0) - np.einsum("tij,tj->ti", rotations, moving.mean(axis=1))
    return np.concatenate([Rotation.from_matrix(rotations).as_rotvec(), shifts], axis=1)


def best_rotations(source: NDArray[np.floating], target: NDArray[np.floating]) -> Array:
    """Return the rotations (T, 3, 3) that best turn `source` (T, N, 3) towards `target`.

    Both are taken about their means (Kabsch 1976). `target` is (N, 3) or (T, N, 3).
    """
    source = source - source.mean(axis=-2, keepdims=True)
    target = target - target.mean(axis=-2, keepdims=True)
    u, _, vt = np.linalg.svd(np.swapaxes(source, -1, -2) @ target)
    rotations = np.swapaxes(u @ vt, -1, -2)
    # Where the best orthogonal map is a reflection, the least certain axis gives way.
    vt[np.linalg.det(rotations) < 0, 2] *= -1
    best: Array = np.swapaxes(u @ vt, -1, -2)
    return best


def frontal(points: NDArray[np.floating], motions: NDArray[np.floating]) -> Array:
    """Return landmarks (T, N, 3) with each frame's motion (T, 6) applied: pose is gone."""
    turned: Array = points @ np.swapaxes(_rotations(motions), 1, 2) + motions[:, None, 3:]
    return turned


def posed(points: NDArray[np.floating], motions: NDArray[np.floating]) -> Array:
    """Return frontal points (T or 1, N, 3) as they stand in each frame; undoes `frontal`."""
    turned: Array = (points - motions[:, None, 3:]) @ _rotations(motions)
    return turned


def most_frontal(motions: NDArray[np.floating]) -> int:
    """Return the frame whose rotation vector has the least sum of absolute values."""
    return int(np.abs(motions[:, :3]).sum(axis=1).argmin())


def _rotations(motions: NDArray[np.floating]) -> Array:
    from scipy.spatial.transform import Rotation

    matrices: Array = Rotation.from_rotvec(motions[:, :3]).as_matrix()
    return matrices
