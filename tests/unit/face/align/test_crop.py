"""Crops cut what their matrix says."""

import numpy as np
import pytest

from talkingface.face.align.crop import AffineCrop, RectangleCrop, nested, points_in
from talkingface.face.align.similarity import inverse, mapped


@pytest.fixture
def ramp():
    """A picture whose red is its column and whose green is its row."""
    rows, columns = np.mgrid[0:200, 0:240].astype(np.uint8)
    return np.stack([columns, rows, np.zeros_like(rows)], axis=-1)


def places(view):
    """The column and row of the frame that each inner pixel of `view` shows."""
    return view[4:-4, 4:-4, :2].astype(float)


def expected_places(crop):
    y, x = np.mgrid[4 : crop.size - 4, 4 : crop.size - 4]
    return mapped(inverse(crop.matrix), np.stack([x, y], axis=-1))


@pytest.mark.parametrize(
    "crop",
    [
        RectangleCrop(40, 30, 140, 130, 53),
        RectangleCrop(40, 30, 140, 130, 233),
        RectangleCrop(10, 50, 60, 120, 64),
        AffineCrop(np.array([[0.8, 0.3, -40.0], [-0.3, 0.8, 10.0]]), 96),
        nested(RectangleCrop(20, 20, 180, 180, 224), RectangleCrop(16, 0, 208, 192, 224)),
    ],
)
def test_a_pixel_shows_the_place_that_the_matrix_says(ramp, crop):
    off = places(crop.cut(ramp)) - expected_places(crop)
    # OpenCV works in fixed point: a ramp of one level a pixel comes out up to 3/4 of a level off;
    # a view half a pixel off would show in the mean
    assert np.abs(off).max() < 0.8
    assert np.abs(off.mean(axis=(0, 1))).max() < 0.2


def test_a_crop_of_its_own_size_copies_the_pixels(ramp):
    view = RectangleCrop(40, 30, 140, 130, 100).cut(ramp)
    np.testing.assert_array_equal(view, ramp[30:130, 40:140])


@pytest.mark.parametrize(("left", "top"), [(-30, -20), (30, -20), (-30, 20), (170, 50), (50, 150)])
def test_beyond_the_frame_lies_the_border_level(ramp, left, top):
    view = RectangleCrop(left, top, left + 100, top + 100, 100, border_level=110).cut(ramp)
    padded = np.pad(ramp, ((60, 60), (60, 60), (0, 0)), constant_values=110)
    np.testing.assert_array_equal(view, padded[top + 60 : top + 160, left + 60 : left + 160])


def test_a_crop_wholly_beyond_the_frame_is_border(ramp):
    assert (RectangleCrop(-300, 0, -200, 100, 32, border_level=7).cut(ramp) == 7).all()


def test_landmarks_are_told_in_the_views_pixels_and_depth_is_scaled_alike():
    crop = AffineCrop(np.array([[1.2, 0.9, -40.0], [-0.9, 1.2, 10.0]]), 96)  # 1.5 times as large
    points = np.random.default_rng(0).uniform(0, 100, (5, 68, 3))
    seen = points_in(crop, points)
    np.testing.assert_allclose(seen[..., :2], mapped(crop.matrix, points[..., :2]))
    np.testing.assert_allclose(seen[..., 2], 1.5 * points[..., 2])
    np.testing.assert_array_equal(points_in(crop, points[..., :2]), seen[..., :2])
