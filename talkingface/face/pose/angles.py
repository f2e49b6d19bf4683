"""Rotations as yaw, pitch and roll: R = Rz(roll) Ry(yaw) Rx(pitch)."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def rotations_of(angles: NDArray[np.floating]) -> Array:
    """Return rotations (..., 3, 3) of yaw, pitch, roll (..., 3) in radians."""
    cosines, sines = np.cos(angles), np.sin(angles)
    cy, cx, cz = np.moveaxis(cosines, -1, 0)
    sy, sx, sz = np.moveaxis(sines, -1, 0)
    zero, one = np.zeros_like(cx), np.ones_like(cx)

    def matrices(*entries: Array) -> Array:
        return np.stack(entries, axis=-1).reshape(*cx.shape, 3, 3)

    about_x = matrices(one, zero, zero, zero, cx, sx, zero, -sx, cx)
    about_y = matrices(cy, zero, sy, zero, one, zero, -sy, zero, cy)
    about_z = matrices(cz, -sz, zero, sz, cz, zero, zero, zero, one)
    rotations: Array = about_z @ about_y @ about_x
    return rotations


def angles_of(rotations: Array) -> Array:
    """Return yaw, pitch, roll (..., 3) in radians of rotations (..., 3, 3); yaw within 90 degrees.

    >>> angles_of(rotations_of(np.array([0.5, -0.2, 0.1]))).round(12).tolist()
    [0.5, -0.2, 0.1]
    """
    yaw = -np.arcsin(rotations[..., 2, 0].clip(-1, 1))
    pitch = np.arctan2(-rotations[..., 2, 1], rotations[..., 2, 2])
    roll = np.arctan2(rotations[..., 1, 0], rotations[..., 0, 0])
    return np.stack([yaw, pitch, roll], axis=-1)


def angle_between(rotations: Array, others: Array) -> Array:
    """Return the angle (...,) in radians of the one turn that leads from one to the other."""
    traces = np.einsum("...ij,...ij->...", rotations, others)
    angles: Array = np.arccos(((traces - 1) / 2).clip(-1, 1))
    return angles
