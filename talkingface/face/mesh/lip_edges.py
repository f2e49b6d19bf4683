"""Where lips end and the mouth begins: smooth curves through five landmarks of each lip.

Both lips share the curve's weights, so that lips whose landmarks touch leave no gap.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

UPPER_EDGE, LOWER_EDGE = (60, 61, 62, 63, 64), (60, 67, 66, 65, 64)  # from the left


def edge_weights(places: NDArray[np.floating]) -> Array:
    """Return how places (N,) on an edge, 0 at its left end, 4 at its right, hang on it: (N, 5).

    The curve is the natural cubic spline.

    >>> edge_weights(np.array([2.0])).round(9).tolist()
    [[0.0, 0.0, 1.0, 0.0, 0.0]]
    """
    from scipy.interpolate import CubicSpline

    points = np.arange(len(UPPER_EDGE))
    weights: Array = CubicSpline(points, np.eye(len(points)), bc_type="natural")(places)
    return weights
