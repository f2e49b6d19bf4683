"""Pictures to networks and back."""

import numpy as np
import torch

from talkingface.nn.pictures import resized, to_frames, to_pictures


def test_every_level_comes_back_at_most_one_lower():
    levels = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1).repeat(3, axis=3)
    frames = to_frames(levels)
    assert frames.shape == (1, 3, 16, 16)
    assert (frames.min(), frames.max()) == (-1, 1)
    lost = levels.astype(int) - to_pictures(frames)
    assert set(lost.ravel()) <= {0, 1}  # levels are cut off, not rounded, as published


def test_colours_and_places_are_kept():
    picture = np.zeros((1, 2, 3, 3), dtype=np.uint8)
    picture[0, 1, 2, 0] = 255  # red, lower right
    frames = to_frames(picture)
    assert frames[0, 0, 1, 2] == 1
    assert frames.sum() == 1 - 17
    np.testing.assert_array_equal(to_pictures(frames), picture)


def test_numbers_beyond_the_range_are_cut_to_it():
    frames = torch.tensor([-3.0, 3.0]).view(2, 1, 1, 1).expand(2, 3, 1, 1)
    assert to_pictures(frames)[:, 0, 0, 0].tolist() == [0, 255]


def test_a_picture_of_the_right_size_is_left_as_it_is():
    picture = np.zeros((6, 6, 3), dtype=np.uint8)
    assert resized(picture, 6) is picture


def test_a_picture_that_shrinks_is_averaged():
    picture = np.random.default_rng(0).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    means = picture.reshape(4, 2, 4, 2, 3).mean(axis=(1, 3))
    assert np.abs(resized(picture, 4) - means).max() <= 0.5  # levels are rounded


def test_a_picture_of_any_shape_becomes_square():
    ramp = np.tile(np.arange(0, 250, 10, dtype=np.uint8)[None, :, None], (40, 1, 3))  # (40, 25, 3)
    square = resized(ramp, 50)
    assert square.shape == (50, 50, 3)
    steps = np.diff(square[25, 1:-1, 0].astype(int))
    np.testing.assert_allclose(steps, 5, atol=1)  # twice as wide: half as steep
