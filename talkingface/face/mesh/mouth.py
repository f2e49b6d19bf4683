"""What is seen between the lips: a surface of its own, since skin ends there.

It hangs on the inner edges of the lips and lies back behind them. Where the portrait's mouth is
open it shows the portrait. Where it is shut there is nothing to show, so teeth and darkness are
painted for the time when it opens.
"""

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Picture
from talkingface.face.mesh.skin import SUBDIVISIONS
from talkingface.face.mesh.triangulation import Triangles, grid_triangles
from talkingface.face.points import MOUTH, NUM_POINTS

Array = NDArray[np.float64]

UPPER_EDGE, LOWER_EDGE = (60, 61, 62, 63, 64), (60, 67, 66, 65, 64)  # from the left
FACING = ([61, 62, 63], [67, 66, 65])  # points of the upper edge, and those below them
CORNERS = [48, 54]
SHUT = 0.12  # of the mouth's width; back ends leave up to 0.08 between lips that touch
ROWS = 7  # of vertices, from the upper edge to the lower one
RECESS = 0.25  # of the mouth's width by which the middle lies behind the lips

PAINTED_PX = (64, 96)  # height and width of the painted mouth
GUM, TEETH_END = 0.04, 0.42  # shares of the opening, from above
DARKNESS = 0.22  # of the lips' light that is left inside
TEETH = np.array([236, 228, 214])  # as white as teeth are in full light


def mouth_opening(points: NDArray[np.floating]) -> float:
    """Return how far the lips of landmarks (68, 2 or 3) are apart, in widths of the mouth."""
    upper, lower = (points[side] for side in FACING)
    gap = np.linalg.norm(upper - lower, axis=1).mean()
    return float(gap / _width(points))


def with_lips_shut(points: NDArray[np.floating]) -> Array:
    """Return landmarks (68, 3) whose lips meet midway."""
    shut = points.astype(np.float64)
    upper, lower = FACING
    shut[upper] = shut[lower] = (shut[upper] + shut[lower]) / 2
    return shut


def mouth_vertices(front: NDArray[np.floating]) -> Array:
    """Return the vertices (V, 3) between the lips of frontal landmarks (68, 3)."""
    upper, lower = _edges() @ front  # (C, 3) each
    down = np.linspace(0, 1, ROWS)[:, None, None]
    rows = (1 - down) * upper + down * lower
    across = np.linspace(0, 1, rows.shape[1])
    bowl = np.outer(np.sin(np.pi * down), np.sin(np.pi * across))
    rows[..., 2] -= RECESS * _width(front) * bowl
    vertices: Array = rows.reshape(-1, 3)
    return vertices


@cache
def mouth_triangles() -> Triangles:
    """Return the triangles between the lips."""
    return grid_triangles(ROWS, _edges().shape[1])


@cache
def painted_coordinates() -> Array:
    """Return where the vertices lie in the painted mouth, (V, 2)."""
    height, width = PAINTED_PX
    right, down = np.meshgrid(
        np.linspace(0, width - 1, _edges().shape[1]), np.linspace(0, height - 1, ROWS)
    )
    return np.column_stack([right.ravel(), down.ravel()])


def painted_mouth(portrait: Picture, points: NDArray[np.floating]) -> Picture:
    """Return a picture of an open mouth in the light of the portrait with landmarks (68, 2)."""
    lips = _colour_of_lips(portrait, points)
    height, width = PAINTED_PX
    down = np.linspace(0, 1, height)[:, None]
    across = np.linspace(-1, 1, width)[None]
    teeth = _rising(down, GUM, GUM + 0.05) * (1 - _rising(down, TEETH_END - 0.08, TEETH_END))
    teeth = teeth * (1 - _rising(np.abs(across), 0.35, 0.95))
    dark = lips * DARKNESS
    light = TEETH * min(1.0, lips.max() / 255)  # lips shine no less than teeth in their shade
    painted = dark + (light - dark) * teeth[..., None]
    return np.asarray(np.rint(painted), dtype=np.uint8)


def _colour_of_lips(portrait: Picture, points: NDArray[np.floating]) -> Array:
    inside = np.zeros(portrait.shape[:2], dtype=np.uint8)
    outline = np.rint(points[MOUTH][:12, :2]).astype(np.int32)
    cv2.fillPoly(inside, [outline], 1)
    if not inside.any():
        return np.zeros(3)  # a mouth beyond the picture
    return np.asarray(portrait[inside > 0].mean(axis=0))


def _rising(values: Array, start: float, end: float) -> Array:
    """Return 0 up to `start`, 1 from `end` on, and a smooth rise between."""
    share = ((values - start) / (end - start)).clip(0, 1)
    rise: Array = share * share * (3 - 2 * share)
    return rise


def _width(points: NDArray[np.floating]) -> float:
    left, right = points[CORNERS]
    return float(np.linalg.norm(right - left))


@cache
def _edges() -> Array:
    """Return how upper and lower edge hang on the landmarks, (2, C, 68).

    Their vertices are those of the skin, so that no gap opens between.
    """
    steps = 2**SUBDIVISIONS
    along = np.arange(steps * (len(UPPER_EDGE) - 1) + 1) / steps
    weights = np.zeros((2, len(along), NUM_POINTS))
    for one, edge in zip(weights, (UPPER_EDGE, LOWER_EDGE), strict=True):
        for place, point in enumerate(edge):
            one[:, point] = (1 - np.abs(along - place)).clip(0)
    return weights
