"""Triangles over points: laid out, refined, and where they end."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Triangles = NDArray[np.intp]  # (F, 3), clockwise as the viewer sees them


def triangulated(places: Array) -> Triangles:
    """Return triangles between `places` (V, 2) of a picture, y down, as stout as can be."""
    from scipy.spatial import Delaunay

    triangles: Triangles = Delaunay(places).simplices.astype(np.intp)
    a, b, c = np.moveaxis(places[triangles], 1, 0)
    (bx, by), (cx, cy) = (b - a).T, (c - a).T
    backward = bx * cy < by * cx
    triangles[backward] = triangles[backward, ::-1]
    return triangles


def subdivided(points: Array, triangles: Triangles) -> tuple[Array, Triangles]:
    """Return a finer mesh of points (V, D): every triangle cut in four at its edges' middles."""
    edges, which = np.unique(_edges(triangles), axis=0, return_inverse=True)
    middles = len(points) + which.reshape(-1, 3)
    a, b, c = triangles.T
    ab, bc, ca = middles.T
    finer = np.stack([(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)])  # (4, 3, F)
    points = np.concatenate([points, points[edges].mean(axis=1)])
    return points, finer.transpose(2, 0, 1).reshape(-1, 3)


def border(triangles: Triangles) -> NDArray[np.intp]:
    """Return the vertices where a mesh ends: those of edges that one triangle alone has."""
    edges, times = np.unique(_edges(triangles), axis=0, return_counts=True)
    return np.unique(edges[times == 1])


def grid_triangles(rows: int, columns: int) -> Triangles:
    """Return two triangles for each cell of a grid of vertices, counted row by row."""
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]
    cells = np.stack([np.stack([a, b, c], axis=-1), np.stack([a, c, d], axis=-1)])
    return cells.reshape(-1, 3)


def _edges(triangles: Triangles) -> NDArray[np.intp]:
    """Return the edges (3 * F, 2) of triangles: after their first, second, third vertex."""
    return np.sort(triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
