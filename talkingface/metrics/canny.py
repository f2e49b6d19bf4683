"""Canny's edges (1986) of a grey picture, as scikit-image draws them with ``mode="constant"``.

Needed by CPBD alone, which asks for scikit-image's treatment of borders and exact real numbers;
OpenCV's Canny takes 8-bit pictures only.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

RADIUS = 4  # px: four sigma
_taps = np.exp(-0.5 * np.arange(-RADIUS, RADIUS + 1) ** 2.0)
GAUSSIAN_TAPS = _taps / _taps.sum()  # sigma 1

Map = NDArray[np.float64]  # (H, W)
Mask = NDArray[np.bool_]  # (H, W)


def canny(picture: Map, low: float, high: float) -> Mask:
    """Return where the edges of `picture` (H, W) are, smoothed with sigma 1.

    Pixels whose gradient is the largest across the edge and at least `low` are kept if they are
    connected with one of at least `high`. Gradients are Sobel's, not normalised.
    """
    smooth = _smoothed(picture)
    down = np.asarray(cv2.Sobel(smooth, -1, 0, 1, borderType=cv2.BORDER_REFLECT), np.float64)
    right = np.asarray(cv2.Sobel(smooth, -1, 1, 0, borderType=cv2.BORDER_REFLECT), np.float64)
    height = np.hypot(down, right)
    return _connected(_is_ridge(down, right, height) & (height >= low), height >= high)


def _smoothed(picture: Map) -> Map:
    """Return the mean of what lies inside the picture, weighted by a Gaussian."""
    weight = np.outer(*(_inside(length) for length in picture.shape))
    border = cv2.BORDER_CONSTANT
    smooth = cv2.sepFilter2D(picture, -1, GAUSSIAN_TAPS, GAUSSIAN_TAPS, borderType=border)
    return np.asarray(smooth / (weight + np.finfo(np.float64).eps))


def _inside(length: int) -> Map:
    """Return the share of the Gaussian that lies on a line of `length` pixels, at each of them."""
    return np.convolve(np.ones(length), GAUSSIAN_TAPS)[RADIUS:-RADIUS]


def _is_ridge(down: Map, right: Map, height: Map) -> Mask:
    """Return where `height` is not less than its value one step along the gradient, both ways.

    The step reaches the next row or column, whichever the gradient crosses first; the value there
    is interpolated between a straight and a diagonal neighbour. The outermost pixels are no edges.
    """
    inside = (slice(1, -1), slice(1, -1))
    d, r, centre = down[inside], right[inside], height[inside]
    steep = np.abs(d) > np.abs(r)
    longer = np.where(steep, np.abs(d), np.abs(r))
    share = np.where(steep, np.abs(r), np.abs(d)) / np.where(longer == 0, 1, longer)
    same_sign = (d >= 0) == (r >= 0)
    same_sign |= (d == 0) | (r == 0)

    def shifted(rows: int, columns: int) -> Map:
        return height[
            1 + rows : height.shape[0] - 1 + rows, 1 + columns : height.shape[1] - 1 + columns
        ]

    def next_along(way: int) -> Map:
        """Return the value one step to the right (`way` 1) or to the left (-1)."""
        diagonal = np.where(same_sign, shifted(way, way), shifted(-way, way))
        vertical = np.where(same_sign, shifted(way, 0), shifted(-way, 0))
        straight = np.where(steep, vertical, shifted(0, way))
        value: Map = straight * (1 - share) + diagonal * share
        return value

    ridge = np.zeros(height.shape, np.bool_)
    ridge[inside] = (centre >= next_along(1)) & (centre >= next_along(-1))
    return ridge


def _connected(candidates: Mask, sure: Mask) -> Mask:
    """Return the connected groups of candidates that hold a sure one."""
    count, labels = cv2.connectedComponents(candidates.astype(np.uint8), connectivity=8)
    keep = np.zeros(count, np.bool_)
    keep[labels[candidates & sure]] = True
    return np.asarray(keep[labels] & candidates)
