"""Smooth interpolation between scattered points of a plane: the thin plate spline (Duchon 1977).

A thin plate that is held at some places bends as little as it can in between. How high it stands
anywhere is a weighted sum of the heights at which it is held, and the weights depend on the places
alone. So they are computed once, and serve every face.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def thin_plate_weights(held: Array, places: Array) -> Array:
    """Return weights (P, H): what is known at points `held` (H, 2), carried to `places` (P, 2).

    Any linear map of the plane is carried exactly; so each row sums to 1.
    """
    plane = _plane(held)
    system = np.block([[_bending(held, held), plane], [plane.T, np.zeros((3, 3))]])
    answer = np.linalg.solve(system, np.eye(len(system), len(held)))
    weights: Array = np.hstack([_bending(places, held), _plane(places)]) @ answer
    return weights


def _bending(places: Array, held: Array) -> Array:
    """Return r^2 log r^2 for the distance r of each place to each held point, (P, H)."""
    squared = ((places[:, None] - held[None]) ** 2).sum(axis=2)
    bending: Array = squared * np.log(np.maximum(squared, np.finfo(np.float64).tiny))
    return bending


def _plane(places: Array) -> Array:
    return np.column_stack([np.ones(len(places)), places])
