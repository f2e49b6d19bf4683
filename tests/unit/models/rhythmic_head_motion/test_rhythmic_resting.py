"""A face at rest, and what is added to it."""

import numpy as np
import pytest

from talkingface.face.mesh.mouth import with_lips_shut
from talkingface.face.pose.canonical import CANONICAL_FACE
from talkingface.models.rhythmic_head_motion.resting import (
    SPEAKING_POINTS,
    at_rest,
    face_size,
    movements,
    opened,
    opening,
    spoken_fronts,
)

DOWN = np.array([0.0, 1.0, 0.0])


def test_the_size_of_a_face_depends_on_no_place_and_no_mouth():
    assert face_size(CANONICAL_FACE) == pytest.approx(1)
    assert face_size(1.7 * CANONICAL_FACE + 30) == pytest.approx(1.7)
    assert face_size(opened(CANONICAL_FACE, 30 * DOWN)) == pytest.approx(1, abs=0.05)


def test_lips_that_part_are_as_far_apart_as_asked_and_take_the_jaw_along():
    before, after = CANONICAL_FACE, opened(CANONICAL_FACE, 8 * DOWN)
    np.testing.assert_allclose(opening(after) - opening(before), 8 * DOWN, atol=1e-12)
    down, up = ((after - before)[lip, 1] for lip in ([65, 66, 67], [61, 62, 63]))
    assert down.mean() == pytest.approx(6, abs=1e-3)  # three quarters downward
    assert up.mean() == pytest.approx(-2, abs=1e-3)
    assert down[1] > down[0] == down[2] > (after - before)[55, 1] > 0  # round
    falls = (after - before)[:17, 1]
    assert falls.argmax() == 8  # the chin falls most
    assert falls[0] == falls[16] == pytest.approx(0)
    np.testing.assert_array_equal(after[17:48], before[17:48])


def test_a_portrait_at_rest_has_its_lips_shut_and_all_else_as_it_is():
    rest = at_rest(opened(CANONICAL_FACE, 9 * DOWN)[None])
    np.testing.assert_allclose(rest[[61, 62, 63]], rest[[67, 66, 65]])  # each pair, not their mean
    np.testing.assert_array_equal(rest[17:48], CANONICAL_FACE[17:48])


def test_a_clip_at_rest_is_as_in_its_frames_of_shut_lips():
    shut = opened(CANONICAL_FACE, -opening(CANONICAL_FACE))
    clip = np.stack([opened(shut, gap * DOWN) for gap in (0, 6, 0, 12, 7, 9, 8, 3, 5, 6)])
    clip[0, 20] += 3  # a brow is raised in one of two shut frames
    expected = shut.copy()
    expected[20] += 1.5
    np.testing.assert_allclose(at_rest(clip), with_lips_shut(expected), atol=1e-9)


def test_movements_fit_faces_of_any_size():
    rest = at_rest(CANONICAL_FACE[None])
    speaking = np.stack([opened(rest, gap * DOWN) for gap in (0, 4, 10)])
    moved = movements(speaking, rest)
    large = movements(2 * speaking + 7, 2 * rest + 7)
    np.testing.assert_allclose(large, moved, atol=1e-9)
    fronts = spoken_fronts(3 * rest, moved[:, SPEAKING_POINTS])
    np.testing.assert_allclose(fronts, 3 * speaking, atol=1e-9)
