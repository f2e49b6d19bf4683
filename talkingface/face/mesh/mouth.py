"""Lips that part, and the surface between them, since skin ends there.

It hangs on the inner edges of the lips and lies back behind them. What it shows: `lining`.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from talkingface.face.mesh.lip_edges import LOWER_EDGE, UPPER_EDGE, edge_weights
from talkingface.face.mesh.skin import SUBDIVISIONS
from talkingface.face.mesh.triangulation import Triangles, grid_triangles
from talkingface.face.points import NUM_POINTS

Array = NDArray[np.float64]

FACING = ([61, 62, 63], [67, 66, 65])  # points of the upper edge, and those below them
CORNERS = [48, 54]
SHUT = 0.105  # of the mouth's width; back ends leave up to 0.10 between lips that touch
ROWS = 7  # of vertices, from the upper edge to the lower one
RECESS = 0.25  # of the mouth's width by which the middle lies behind the lips


def mouth_opening(points: NDArray[np.floating]) -> float:
    """Return how far the lips of landmarks (68, 2 or 3) are apart, in widths of the mouth."""
    upper, lower = (points[side] for side in FACING)
    gap = np.linalg.norm(upper - lower, axis=1).mean()
    return float(gap / mouth_width(points))


def with_lips_shut(points: NDArray[np.floating]) -> Array:
    """Return landmarks (68, 3) whose lips meet midway."""
    shut = points.astype(np.float64)
    upper, lower = FACING
    shut[upper] = shut[lower] = (shut[upper] + shut[lower]) / 2
    return shut


def lip_edges(points: NDArray[np.floating]) -> Array:
    """Return the inner edges, upper and lower, of lips of landmarks (68, D): (2, C, D)."""
    edges: Array = _edges() @ points
    return edges


def mouth_vertices(front: NDArray[np.floating]) -> Array:
    """Return the vertices (V, 3) between the lips of frontal landmarks (68, 3)."""
    upper, lower = lip_edges(front)
    down = np.linspace(0, 1, ROWS)[:, None, None]
    rows = (1 - down) * upper + down * lower
    across = np.linspace(0, 1, rows.shape[1])
    bowl = np.outer(np.sin(np.pi * down), np.sin(np.pi * across))
    rows[..., 2] -= RECESS * mouth_width(front) * bowl
    vertices: Array = rows.reshape(-1, 3)
    return vertices


@cache
def mouth_triangles() -> Triangles:
    """Return the triangles between the lips."""
    return grid_triangles(ROWS, _edges().shape[1])


@cache
def mouth_places() -> Array:
    """Return which column a vertex is in, and how far down from lip to lip, (V, 2)."""
    columns = np.arange(_edges().shape[1], dtype=np.float64)
    column, down = np.meshgrid(columns, np.linspace(0, 1, ROWS))
    return np.column_stack([column.ravel(), down.ravel()])


def mouth_width(points: NDArray[np.floating]) -> float:
    """Return how far the corners of the mouth of landmarks (68, 2 or 3) are apart."""
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
        one[:, edge] = edge_weights(along)
    return weights
