"""Distances of pictures, against loops, OpenCV and what they are for."""

import math

import cv2
import numpy as np
import pytest
import torch

from talkingface.nn.picture_losses import (
    bumps,
    edge_l1,
    emphasis,
    patch_l1,
    shrunk_to,
    weighted_l1,
)


@pytest.fixture
def pair():
    rng = np.random.default_rng(0)
    return rng.random((2, 2, 3, 5, 7)), rng.random((2, 1, 5, 7))


def test_an_error_counts_as_much_as_its_pixel(pair):
    (fake, real), weights = pair
    total = 0.0
    for image, channel, row, column in np.ndindex(fake.shape):
        at = image, channel, row, column
        total += weights[image, 0, row, column] * abs(fake[at] - real[at])
    ours = weighted_l1(*map(torch.from_numpy, (fake, real, weights)))
    np.testing.assert_allclose(ours, total / fake.size, rtol=1e-12)  # float64


def test_steps_between_neighbours_are_compared_across_and_down(pair):
    (fake, real), weights = pair
    across = down = 0.0
    for image, channel, row, column in np.ndindex(fake.shape):
        error, weight = (fake - real)[image, channel], weights[image, 0, row, column]
        if column:
            across += weight * abs(error[row, column] - error[row, column - 1])
        if row:
            down += weight * abs(error[row, column] - error[row - 1, column])
    expected = across / (2 * 3 * 5 * 6) + down / (2 * 3 * 4 * 7)
    ours = edge_l1(*map(torch.from_numpy, (fake, real, weights)))
    np.testing.assert_allclose(ours, expected, rtol=1e-12)  # float64


def test_a_wrong_tone_has_right_edges_and_a_wrong_texture_has_the_right_tone():
    real = torch.rand(1, 3, 16, 16, dtype=torch.float64)
    rows, columns = np.indices((16, 16))
    board = torch.from_numpy((-1.0) ** (rows + columns))
    even = torch.ones(1, 1, 16, 16, dtype=torch.float64)
    assert edge_l1(real + 0.3, real, even) < 1e-12
    assert patch_l1(real + 0.3, real) == pytest.approx(0.3)
    assert patch_l1(real + 0.3 * board, real) < 1e-12
    halves = torch.from_numpy(np.where(columns < 8, 0.3, -0.3))
    assert patch_l1(real + halves, real) == pytest.approx(0.3)  # of each patch, not of the whole
    assert edge_l1(real + 0.3 * board, real, even) == pytest.approx(1.2)  # 0.6 both ways


def test_a_bump_is_one_in_the_middle_and_falls_along_its_ellipse():
    size = 100
    middle = (0.605, 0.305)  # the middle of the pixel of column 60 and row 30
    (bump,) = bumps(torch.tensor([[*middle, 0.2, 0.1]]), size)[:, 0]
    assert bump[30, 60] == 1
    for row, column in ((30, 80), (30, 40), (20, 60), (40, 60)):  # half widths and heights away
        assert bump[row, column] == pytest.approx(math.exp(-1), rel=1e-4)  # float32
    assert bump.argmax() == 30 * size + 60


def test_each_picture_has_its_own_bump_that_lies_alike_at_every_size():
    places = torch.tensor([[0.5, 0.6, 0.2, 0.1], [0.3, 0.2, 0.1, 0.3]])
    large, small = bumps(places, 64), bumps(places, 16)
    assert large.shape == (2, 1, 64, 64)
    # a bump a tenth wide bends within the pixel of a sixteenth that is averaged here
    torch.testing.assert_close(shrunk_to(large, 16), small, atol=0.06, rtol=0)
    assert (large[0] - large[1]).abs().max() > 0.9


def test_pictures_shrink_by_the_mean_of_areas():
    picture = np.random.default_rng(0).random((12, 12, 3)).astype(np.float32)
    ours = shrunk_to(torch.from_numpy(picture).permute(2, 0, 1)[None], 4)[0].permute(1, 2, 0)
    theirs = cv2.resize(picture, (4, 4), interpolation=cv2.INTER_AREA)
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)  # float32


def test_each_place_counts_more_by_its_strength():
    mouth, eye = (0.5, 0.625, 0.2, 0.1), (0.3, 0.3, 0.1, 0.05)
    places = torch.tensor([[mouth, eye], [eye, mouth]], dtype=torch.float64)
    first, second = emphasis(places, (5.0, 2.0), 40)[:, 0]
    bump_of = {
        one: bumps(torch.tensor([one], dtype=torch.float64), 40)[0, 0] for one in (mouth, eye)
    }
    torch.testing.assert_close(first, 1 + 5 * bump_of[mouth] + 2 * bump_of[eye])
    torch.testing.assert_close(second, 1 + 5 * bump_of[eye] + 2 * bump_of[mouth])
    assert first[0, 0] == pytest.approx(1)  # far from all places
