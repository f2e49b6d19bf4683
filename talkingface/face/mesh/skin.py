"""The skin of a face: triangles that hang on 68 landmarks.

The triangles are those of one flat chart, the canonical face with its lips parted, and the same for
everybody. A face hangs on them by weights: each vertex is a fixed mean of the landmarks. So a face
that moves is one product, and turning the landmarks turns the skin with them.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from talkingface.face.mesh.forehead import canonical_forehead, forehead_weights
from talkingface.face.mesh.lip_edges import LOWER_EDGE, UPPER_EDGE, edge_weights
from talkingface.face.mesh.thin_plate import thin_plate_weights
from talkingface.face.mesh.triangulation import Triangles, border, subdivided, triangulated
from talkingface.face.points import INNER_MOUTH, JAW, MOUTH, NUM_POINTS
from talkingface.face.pose.canonical import CANONICAL_FACE

Array = NDArray[np.float64]

SUBDIVISIONS = 2  # each makes four triangles of one: edges of a few pixels in a picture of 256
PARTED, LENGTHENED = 2.0, 1.1  # the chart's mouth and jaw, so that no triangle there is a sliver


@cache
def skin_triangles() -> Triangles:
    """Return the triangles of the skin; inside the lips there are none."""
    return _chart_mesh()[1]


@cache
def skin_weights() -> Array:
    """Return the weights (V, 68) by which the vertices of the skin hang on the landmarks.

    The first 68 vertices are the landmarks.
    """
    shares, triangles = _chart_mesh()
    weights = thin_plate_weights(chart(), shares @ chart())
    # The face ends in straight lines; and lips are flat, too thin to bend.
    straight = np.isclose(shares[:, MOUTH].sum(axis=1), 1)
    straight[border(triangles)] = True
    weights[straight] = shares[straight]
    for edge in (UPPER_EDGE, LOWER_EDGE):
        between = np.isclose(shares[:, edge].sum(axis=1), 1)
        along = shares[between][:, edge] @ np.arange(len(edge))
        weights[between] = 0
        weights[np.ix_(between, edge)] = edge_weights(along)
    hung: Array = weights[:, :NUM_POINTS] + weights[:, NUM_POINTS:] @ forehead_weights()
    hung.setflags(write=False)
    return hung


@cache
def skin_outline() -> NDArray[np.intp]:
    """Return the vertices of jaw and forehead, where the skin ends, in order round the face."""
    shares, triangles = _chart_mesh()
    ends = border(triangles)
    ends = ends[~np.isclose(shares[ends][:, MOUTH].sum(axis=1), 1)]  # not round the mouth
    from_middle = shares[ends] @ chart() - chart()[JAW].mean(axis=0)
    order = np.argsort(np.arctan2(from_middle[:, 1], from_middle[:, 0]))
    return np.asarray(ends[order])


def chart() -> Array:
    """Return where landmarks and forehead lie in the flat chart, (68 + N, 2)."""
    flat = np.concatenate([CANONICAL_FACE, canonical_forehead()])[:, :2]
    middle = flat[MOUTH, 1].mean()
    flat[MOUTH, 1] = middle + PARTED * (flat[MOUTH, 1] - middle)
    ears = flat[JAW, 1].min()
    flat[JAW, 1] = ears + LENGTHENED * (flat[JAW, 1] - ears)
    return flat


@cache
def _chart_mesh() -> tuple[Array, Triangles]:
    """Return the mesh of the chart, each vertex (V, 68 + N) as a mean of the chart's points."""
    triangles = triangulated(chart())
    between_the_lips = range(NUM_POINTS)[INNER_MOUTH]
    triangles = triangles[~np.isin(triangles, between_the_lips).all(axis=1)]
    shares = np.eye(len(chart()))
    for _ in range(SUBDIVISIONS):
        shares, triangles = subdivided(shares, triangles)
    return shares, triangles
