"""Laws of head motion as a rigid motion."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from talkingface.face.pose.canonical import CANONICAL_FACE
from talkingface.face.pose.rigid import (
    STILL_POINTS,
    best_rotations,
    frontal,
    head_motions,
    most_frontal,
    posed,
)


@pytest.fixture
def motions():
    rng = np.random.default_rng(0)
    return np.concatenate([rng.normal(size=(8, 3)) * 0.4, rng.normal(size=(8, 3)) * 20], axis=1)


def test_a_posed_canonical_face_gives_back_its_motion(motions):
    points = posed(CANONICAL_FACE[None], motions)
    np.testing.assert_allclose(head_motions(points), motions, atol=1e-11)


def test_frontal_and_posed_undo_each_other(motions):
    points = np.random.default_rng(1).normal(size=(8, 68, 3)) * 80
    np.testing.assert_allclose(posed(frontal(points, motions), motions), points, atol=1e-11)


def test_a_moving_mouth_does_not_move_the_head(motions):
    points = posed(CANONICAL_FACE[None], motions)
    points[:, 48:] += 7
    np.testing.assert_allclose(head_motions(points), motions, atol=1e-11)
    assert not set(range(48, 68)) & set(STILL_POINTS)


def test_the_best_rotation_is_scipys():
    rng = np.random.default_rng(2)
    source, target = rng.normal(size=(2, 5, 12, 3))
    for ours, one, other in zip(best_rotations(source, target), source, target, strict=True):
        theirs, _ = Rotation.align_vectors(other - other.mean(0), one - one.mean(0))
        np.testing.assert_allclose(ours, theirs.as_matrix(), atol=1e-9)


def test_a_mirrored_face_is_turned_and_not_reflected():
    (rotation,) = best_rotations(CANONICAL_FACE[None] * (-1, 1, 1), CANONICAL_FACE)
    assert np.linalg.det(rotation) == pytest.approx(1)


def test_the_most_frontal_frame_is_the_least_turned(motions):
    motions[5, :3] = 0.01
    assert most_frontal(motions) == 5
