"""What is between the lips."""

import numpy as np
import pytest

from talkingface.face.mesh.mouth import (
    mouth_opening,
    mouth_triangles,
    mouth_vertices,
    with_lips_shut,
)
from talkingface.face.mesh.skin import skin_weights
from talkingface.face.mesh.triangulation import border
from talkingface.face.pose.canonical import CANONICAL_FACE


def test_the_opening_is_counted_in_widths_of_the_mouth():
    # From the table: gaps of 5.554, 7 and 5.554 px; the corners lie 48 px apart.
    assert mouth_opening(CANONICAL_FACE) == pytest.approx((2 * 5.554 + 7) / 3 / 48, abs=1e-4)
    assert mouth_opening(CANONICAL_FACE * 3 + 10) == pytest.approx(mouth_opening(CANONICAL_FACE))


def test_lips_are_shut_where_they_would_meet_and_nothing_else_moves():
    shut = with_lips_shut(CANONICAL_FACE)
    assert mouth_opening(shut) == 0
    np.testing.assert_allclose(shut[62], (CANONICAL_FACE[62] + CANONICAL_FACE[66]) / 2)
    others = [point for point in range(68) if point not in (61, 62, 63, 65, 66, 67)]
    np.testing.assert_array_equal(shut[others], CANONICAL_FACE[others])


def test_the_mouth_ends_where_the_skin_begins():
    face = CANONICAL_FACE + np.random.default_rng(0).normal(size=(68, 3))
    skin = skin_weights() @ face
    ends = mouth_vertices(face)[border(mouth_triangles())]
    apart = np.linalg.norm(ends[:, None] - skin[None], axis=2).min(axis=1)
    assert apart.max() < 1e-9


def test_the_middle_of_the_mouth_lies_a_quarter_of_its_width_behind_the_lips():
    vertices = mouth_vertices(CANONICAL_FACE)
    middle = vertices[np.linalg.norm(vertices[:, :2] - (128, 173.5), axis=1).argmin()]
    np.testing.assert_allclose(middle, (128, 173.5, 28 - 48 / 4))
