"""Laws of the drawn landmarks."""

import numpy as np

from talkingface.face.label_map import STEEPEST, _fitted_exactly, label_map
from talkingface.face.pose.canonical import CANONICAL_FACE


def test_curves_pass_through_the_points_that_they_join():
    drawn = label_map(CANONICAL_FACE, (256, 256))
    joined = np.delete(CANONICAL_FACE, [27, 29, 30], axis=0)  # of the bridge two ends are drawn
    rows, columns = np.nonzero(drawn)
    lit = np.stack([columns, rows], axis=1)
    away = np.linalg.norm(lit[None] - joined[:, None, :2], axis=-1).min(axis=1)
    assert away.max() < 2.5  # a stroke is two pixels wide and ends before its last point


def test_the_bridge_of_the_nose_is_not_drawn():
    drawn = label_map(CANONICAL_FACE, (256, 256))
    between_the_eyes = drawn[95:113, 112:144]  # the drawn nose begins at point 28, y = 115
    assert not between_the_eyes.any()
    assert drawn[115:150, 112:144].any()


def test_the_forehead_mirrors_the_jaw_two_thirds_as_high():
    drawn = label_map(CANONICAL_FACE, (256, 256))
    jaw, chin = CANONICAL_FACE[0, 1], CANONICAL_FACE[8, 1]
    assert abs(np.nonzero(drawn)[0].min() - (jaw - (chin - jaw) * 2 / 3)) <= 2


def test_without_the_upper_face_the_line_of_the_jaw_stays_open():
    whole = label_map(CANONICAL_FACE, (256, 256))
    open_above = label_map(CANONICAL_FACE, (256, 256), upper_face=False)
    assert np.nonzero(open_above)[0].min() >= CANONICAL_FACE[:, 1].min() - 2  # a brow
    np.testing.assert_array_equal(open_above[122:], whole[122:])  # below the ends of the jaw


def test_exact_parabolas_differ_by_single_pixels_and_run_through_their_points():
    rng = np.random.default_rng(0)
    for _ in range(5):
        face = CANONICAL_FACE + rng.normal(0, 2, CANONICAL_FACE.shape)
        published, exact = (label_map(face, (256, 256), exact=one) for one in (False, True))
        assert (published != exact).sum() < 0.01 * np.count_nonzero(published)
    for points in ([(3, 5), (8, 9), (20, 6)], [(0, 1.5), (4, -2), (9, 7)], [(2, 3), (7, 8)]):
        x, y = np.array(points, dtype=float).T
        np.testing.assert_allclose(np.polyval(_fitted_exactly(x, y), x), y)


def test_rounding_moves_nothing_that_is_drawn_exactly():
    face = np.rint(CANONICAL_FACE)  # heights that are whole
    drawn = label_map(face, (256, 256), exact=True)
    rng = np.random.default_rng(0)
    for _ in range(5):
        hair = rng.uniform(0, 1e-7, face.shape)  # upwards, since whole places are cut off
        np.testing.assert_array_equal(label_map(face + hair, (256, 256), exact=True), drawn)


def test_points_above_each_other_draw_no_exact_parabola():
    assert not label_map(np.full((68, 2), 99.0), (256, 256), exact=True).any()
    steep = _fitted_exactly(np.array([4.0, 4.0, 9.0]), np.array([1.0, 7.0, 2.0]))
    assert abs(steep[0]) > STEEPEST or not np.isfinite(steep).all()


def test_a_face_beyond_the_frame_is_drawn_along_its_edge():
    drawn = label_map(CANONICAL_FACE - (200, 0, 0), (256, 256))
    assert drawn[:, 0].any()
    assert not drawn[:, 10:].any()


def test_points_on_one_spot_draw_nothing():
    assert not label_map(np.full((68, 2), 99.0), (256, 256)).any()


def test_the_drawing_is_made_in_the_frame_and_then_resized():
    small = label_map(CANONICAL_FACE / 2, (128, 128))
    assert small.shape == (256, 256)
    assert set(np.unique(label_map(CANONICAL_FACE, (256, 256)))) == {0, 255}
    assert len(np.unique(small)) > 2  # softened
