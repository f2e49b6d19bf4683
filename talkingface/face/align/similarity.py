"""Maps of the plane: 2x3 matrices that turn, scale and shift points (x, y)."""

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]  # (2, 3): maps (x, y, 1)


def least_squares_similarity(source: NDArray[np.floating], target: NDArray[np.floating]) -> Matrix:
    """Return the rotation, scale and shift, without reflection, that best maps points (N, 2).

    In complex numbers a similarity is a z + b, and the best `a` is an ordinary regression.
    """
    z, w = _complex(source), _complex(target)
    centred = z - z.mean()
    a = np.vdot(centred, w - w.mean()) / np.vdot(centred, centred)
    b = w.mean() - a * z.mean()
    return np.array([[a.real, -a.imag, b.real], [a.imag, a.real, b.imag]])


def mapped(matrix: Matrix, points: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return `points` (..., 2) where `matrix` puts them."""
    where: NDArray[np.float64] = points @ matrix[:, :2].T + matrix[:, 2]
    return where


def inverse(matrix: Matrix) -> Matrix:
    """Return the matrix that undoes `matrix`."""
    back = np.linalg.inv(matrix[:, :2])
    return np.column_stack([back, -back @ matrix[:, 2]])


def after(second: Matrix, first: Matrix) -> Matrix:
    """Return the matrix that does `first`, then `second`."""
    return np.column_stack([second[:, :2] @ first[:, :2], mapped(second, first[:, 2])])


def _complex(points: NDArray[np.floating]) -> NDArray[np.complex128]:
    return points[:, 0] + 1j * points[:, 1].astype(np.float64)
