"""Head pose from 68 points of a flat picture.

The camera is taken to be far away, so a face is the canonical one turned, scaled and shifted. That
needs no focal length and does not change when the picture is cropped or resized. The fit takes its
depth from its own last answer until both agree, which is where the distance of the still points to
the picture's is least.
"""

import numpy as np
from numpy.typing import NDArray

from talkingface.face.pose.angles import angles_of
from talkingface.face.pose.canonical import CANONICAL_FACE
from talkingface.face.pose.rigid import STILL_POINTS, best_rotations

Array = NDArray[np.float64]

ROUNDS = 40  # the last ones move a pose by less than a hundredth of a degree


def head_pose(points: NDArray[np.floating]) -> Array:
    """Return yaw, pitch and roll (T, 3) in radians of landmarks (T, 68, 2); nan where they are."""
    angles = np.full((len(points), 3), np.nan)
    known = ~np.isnan(points).any(axis=(1, 2))
    rotations, _ = _fit(points[known])
    angles[known] = angles_of(rotations)
    return angles


def with_depth(points: NDArray[np.floating]) -> Array:
    """Return landmarks (T, 68, 2) as (T, 68, 3), the depth being that of the fitted face.

    For back ends that see no depth; it has the head's pose but not the person's profile. Depth is 0
    in the middle of the still points.
    """
    depth = np.full(points.shape[:2], np.nan)
    known = ~np.isnan(points).any(axis=(1, 2))
    rotations, scales = _fit(points[known])
    depth[known] = scales[:, None] * (_still_centred(CANONICAL_FACE) @ rotations[:, 2].T).T
    return np.concatenate([points, depth[..., None]], axis=2)


def _fit(points: NDArray[np.floating]) -> tuple[Array, Array]:
    """Return rotations (T, 3, 3) and scales (T,) of the canonical face for landmarks (T, 68, 2)."""
    model = _still_centred(CANONICAL_FACE)[STILL_POINTS]
    flat = points[:, STILL_POINTS].astype(np.float64)
    flat -= flat.mean(axis=1, keepdims=True)
    # First the best linear map of the model to the picture, not yet a rotation.
    across = np.linalg.lstsq(model, flat.swapaxes(0, 1).reshape(len(model), -1), rcond=None)[0]
    rows = across.reshape(3, -1, 2).transpose(1, 2, 0)  # (T, 2, 3)
    third = np.cross(rows[:, 0], rows[:, 1]) / np.linalg.norm(rows, axis=(1, 2))[:, None]
    depth = model @ third.swapaxes(0, 1)
    rotations, scales = _turned(model, flat, depth.T)
    for _ in range(ROUNDS):
        depth = scales[:, None] * (model @ rotations[:, 2].T).T
        rotations, scales = _turned(model, flat, depth)
    return rotations, scales


def _turned(model: Array, flat: Array, depth: Array) -> tuple[Array, Array]:
    """Return the similarity that best takes `model` (N, 3) to points (T, N, 2) and depth (T, N)."""
    target = np.concatenate([flat, depth[..., None]], axis=2)
    rotations = best_rotations(np.broadcast_to(model, target.shape), target)
    turned = model @ rotations.swapaxes(1, 2)
    scales = (turned * target).sum(axis=(1, 2)) / (model**2).sum()
    return rotations, scales


def _still_centred(face: Array) -> Array:
    centred: Array = face - face[STILL_POINTS].mean(axis=0)
    return centred
