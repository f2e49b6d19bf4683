"""The linear map between two sets of points in space: a mesh put onto a face."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def least_squares_affine(source: NDArray[np.floating], target: NDArray[np.floating]) -> Array:
    """Return the matrix (3, 4) that best maps points (N, 3), with a 1 appended, to `target`."""
    matrix, *_ = np.linalg.lstsq(_homogeneous(source), target, rcond=None)
    return np.ascontiguousarray(matrix.T)


def affine_mapped(matrix: Array, points: NDArray[np.floating]) -> Array:
    """Return points (N, 3) where `matrix` (3, 4) puts them."""
    where: Array = _homogeneous(points) @ matrix.T
    return where


def _homogeneous(points: NDArray[np.floating]) -> Array:
    return np.column_stack([points, np.ones(len(points))])
