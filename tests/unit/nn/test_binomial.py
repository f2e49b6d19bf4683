"""Smoothing and enlarging against SciPy's convolution of the same numbers."""

import numpy as np
import pytest
import torch
from scipy.signal import convolve2d

from talkingface.nn.binomial import smooth, twice_as_large

KERNEL = np.outer((1, 3, 3, 1), (1, 3, 3, 1)) / 64 * 4


@pytest.fixture
def maps():
    return np.random.default_rng(0).standard_normal((2, 3, 5, 7))


def test_smoothing_is_a_convolution_with_one_zero_around(maps):
    ours = smooth(torch.from_numpy(maps))
    theirs = [[convolve2d(np.pad(m, 1), KERNEL, "valid") for m in sample] for sample in maps]
    np.testing.assert_allclose(ours, theirs, atol=1e-14)  # float64


def test_enlarging_puts_zeros_between_pixels_and_smooths(maps):
    ours = twice_as_large(torch.from_numpy(maps))
    spread = np.zeros((2, 3, 10, 14))
    spread[:, :, ::2, ::2] = maps
    framed = np.pad(spread, ((0, 0), (0, 0), (2, 1), (2, 1)))
    theirs = [[convolve2d(m, KERNEL, "valid") for m in sample] for sample in framed]
    np.testing.assert_allclose(ours, theirs, atol=1e-14)  # float64
