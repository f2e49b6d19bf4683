"""Pictures to networks and back."""

import numpy as np
import torch

from talkingface.nn.pictures import to_frames, to_pictures


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
