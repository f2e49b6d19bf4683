"""The skin as a mesh, and as a function of the landmarks."""

import cv2
import numpy as np
from scipy.spatial.transform import Rotation

from talkingface.face.mesh.forehead import canonical_forehead
from talkingface.face.mesh.skin import skin_triangles, skin_weights
from talkingface.face.mesh.triangulation import border, subdivided
from talkingface.face.pose.canonical import CANONICAL_FACE

NOISE = np.random.default_rng(0).normal(size=(68, 3))


def areas(points, triangles):
    a, b, c = np.moveaxis(points[triangles], 1, 0)
    (bx, by), (cx, cy) = (b - a).T[:2], (c - a).T[:2]
    return (bx * cy - by * cx) / 2


def test_the_skin_passes_through_the_landmarks():
    face = CANONICAL_FACE + 3 * NOISE
    np.testing.assert_allclose((skin_weights() @ face)[:68], face, atol=1e-9)


def test_the_skin_turns_and_grows_with_the_landmarks():
    face = CANONICAL_FACE + 3 * NOISE
    turn = 1.7 * Rotation.from_rotvec([0.3, -0.5, 0.2]).as_matrix()
    moved = skin_weights() @ (face @ turn.T + (5, -7, 11))
    np.testing.assert_allclose(moved, skin_weights() @ face @ turn.T + (5, -7, 11), atol=1e-8)


def test_the_forehead_of_the_canonical_face_is_the_canonical_one():
    forehead = canonical_forehead()
    found = (skin_weights() @ CANONICAL_FACE)[68 : 68 + len(forehead)]
    np.testing.assert_allclose(found, forehead, atol=1e-9)
    assert forehead[:, 1].min() < CANONICAL_FACE[:, 1].min() - 35  # well above the brows


def test_the_skin_is_one_sheet_with_one_hole_between_the_lips():
    triangles = skin_triangles()
    edges = np.sort(triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    edges, times = np.unique(edges, axis=0, return_counts=True)
    assert times.max() == 2
    # Euler: vertices - edges + triangles is 1 for a disc, and one less for each hole.
    assert triangles.max() + 1 == len(skin_weights())
    assert len(skin_weights()) - len(edges) + len(triangles) == 0
    ends = border(triangles)
    assert set(range(60, 68)) <= set(ends)
    assert set(range(17)) <= set(ends)
    assert not set(range(17, 60)) & set(ends)


def test_no_triangle_is_turned_over_in_a_face_from_the_front():
    points = skin_weights() @ CANONICAL_FACE
    assert (areas(points, skin_triangles()) > 0).all()


def test_the_lips_hang_on_the_points_of_the_mouth_alone():
    outline = CANONICAL_FACE[48:60, :2].astype(np.float32)
    vertices = (skin_weights() @ CANONICAL_FACE)[:, :2].tolist()
    on_lips = [cv2.pointPolygonTest(outline, vertex, True) > 0.1 for vertex in vertices]
    assert sum(on_lips) > 100
    assert (skin_weights()[on_lips, :48] == 0).all()


def test_subdivision_leaves_the_area_and_makes_four_of_each_triangle():
    points = np.array([(0.0, 0), (7, 1), (5, 8), (-3, 4)])
    triangles = np.array([(0, 1, 2), (0, 2, 3)])
    finer, four = subdivided(points, triangles)
    assert len(finer) == 4 + 5  # five edges
    expected = np.repeat(areas(points, triangles) / 4, 4)
    np.testing.assert_allclose(areas(finer, four), expected)
