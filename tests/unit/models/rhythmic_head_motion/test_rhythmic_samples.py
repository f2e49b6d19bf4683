"""What training samples are cut from, and what is covered in them."""

import numpy as np
import pytest

from talkingface.face.align.crop import RectangleCrop
from talkingface.models.rhythmic_head_motion.covering import cut_out, hidden
from talkingface.models.rhythmic_head_motion.training_crop import (
    CropDraw,
    draw_crop,
    usable_frames,
)


@pytest.fixture
def landmarks():
    """Points from (100, 80) to (160, 180)."""
    points = np.full((68, 3), 120.0)
    points[0], points[1] = (100, 80, 0), (160, 180, 9)
    return points


def test_a_plain_crop_is_twice_as_wide_as_the_landmarks(landmarks):
    expected = RectangleCrop(130 - 60, 130 - 75, 130 + 60, 130 + 45, size=128)
    assert CropDraw().around(landmarks, size=128) == expected


def test_sizes_and_shifts_follow_the_width_of_the_landmarks(landmarks):
    crop = CropDraw(half_width=0.8, half_height=1.2, shift_x=0.2, shift_y=-0.1).around(landmarks)
    x, y = 130 + 0.2 * 48, 130 - 0.1 * 72
    expected = [x - 48, y - 90, x + 48, y + 54]
    assert [crop.left, crop.top, crop.right, crop.bottom] == [int(edge) for edge in expected]


def test_draws_fill_their_ranges():
    chance = np.random.default_rng(0)
    draws = [draw_crop(chance) for _ in range(500)]
    numbers = np.array([[d.half_width, d.half_height, d.shift_x, d.shift_y] for d in draws])
    # 500 draws come within a fiftieth of the ends of a range
    np.testing.assert_allclose(numbers.min(axis=0), [0.8, 0.8, -0.2, -0.2], rtol=0, atol=0.01)
    np.testing.assert_allclose(numbers.max(axis=0), [1.2, 1.2, 0.2, 0.2], rtol=0, atol=0.01)


def test_landmarks_within_one_pixel_are_no_face(landmarks):
    flat = landmarks.copy()
    flat[:, 1] = 120 + np.linspace(0, 0.9, 68)
    assert usable_frames(np.stack([landmarks, flat])).tolist() == [True, False]


def test_the_cut_out_ends_where_the_rendered_face_is_black():
    picture = np.full((2, 2, 3), 200, np.uint8)
    rendered = np.zeros((2, 2, 3), np.uint8)
    rendered[0, 0] = (9, 10, 255)
    cut = cut_out(picture, rendered)
    assert cut.dtype == np.uint8
    assert cut[0, 0].tolist() == [0, 200, 200]
    assert not cut[1].any()


def test_what_is_hidden_is_black_and_the_rest_stays():
    picture = np.random.default_rng(0).uniform(-1, 1, (3, 4, 4)).astype(np.float32)
    regions = np.zeros((4, 4), np.bool_)
    regions[1:3, 2] = True
    covered = hidden(picture, regions)
    assert covered.dtype == np.float32
    assert (covered[:, 1:3, 2] == -1).all()
    assert (covered[:, ~regions] == picture[:, ~regions]).all()
