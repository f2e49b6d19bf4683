"""Laws of similarities, and another program's."""

import numpy as np
import pytest
from skimage.transform import SimilarityTransform

from talkingface.face.align.similarity import after, inverse, least_squares_similarity, mapped

ANGLE, SCALE, SHIFT = 0.7, 1.3, (5.0, -2.0)
TURN = SCALE * np.array([[np.cos(ANGLE), -np.sin(ANGLE)], [np.sin(ANGLE), np.cos(ANGLE)]])
KNOWN = np.column_stack([TURN, SHIFT])


@pytest.fixture
def points():
    return np.random.default_rng(0).normal(size=(9, 2)) * 50


def test_a_known_similarity_is_found_again(points):
    found = least_squares_similarity(points, mapped(KNOWN, points))
    np.testing.assert_allclose(found, KNOWN, atol=1e-13)  # float64 of numbers up to 100


def test_the_best_fit_of_noisy_points_is_that_of_scikit_image(points):
    target = mapped(KNOWN, points) + np.random.default_rng(1).normal(size=(9, 2)) * 10
    theirs = SimilarityTransform.from_estimate(points, target).params[:2]
    np.testing.assert_allclose(least_squares_similarity(points, target), theirs, atol=1e-12)


def test_a_mirrored_target_is_approached_without_a_reflection(points):
    matrix = least_squares_similarity(points, points * (-1, 1))
    assert np.linalg.det(matrix[:, :2]) > 0


def test_the_inverse_leads_back(points):
    np.testing.assert_allclose(mapped(inverse(KNOWN), mapped(KNOWN, points)), points, atol=1e-12)


def test_one_after_the_other(points):
    once = mapped(after(KNOWN, inverse(KNOWN)), points)
    np.testing.assert_allclose(once, points, atol=1e-12)
    other = np.array([[0.5, 0.2, 3.0], [-0.1, 0.9, 7.0]])
    both = mapped(other, mapped(KNOWN, points))
    np.testing.assert_allclose(mapped(after(other, KNOWN), points), both, atol=1e-12)
