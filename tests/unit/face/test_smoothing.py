"""Laws of smoothing over time."""

import numpy as np
import pytest

from talkingface.face.smoothing import running_median, smoothed


def test_five_wide_means_a_quarter_a_half_a_quarter():
    series = np.random.default_rng(0).normal(size=(9, 3))
    inner = series[:-2] / 4 + series[1:-1] / 2 + series[2:] / 4
    np.testing.assert_allclose(smoothed(series, 5)[1:-1], inner, atol=1e-15)


def test_the_ends_are_reflected_without_repeating_them():
    assert smoothed(np.array([0.0, 4.0, 0.0, 0.0]), 5)[0] == pytest.approx(2)


def test_a_constant_stays_and_a_line_stays_in_the_middle():
    np.testing.assert_allclose(smoothed(np.full((5, 2), 3.0), 11), 3.0)
    np.testing.assert_allclose(smoothed(np.arange(30.0), 11)[5:-5], np.arange(30.0)[5:-5])


def test_one_sample_is_its_own_smoothing():
    assert smoothed(np.array([7.0]), 11) == pytest.approx(7)


@pytest.mark.parametrize("length", [1, 2, 5, 40])
@pytest.mark.parametrize("window", [9, 13])
def test_a_running_median_is_the_middle_of_what_is_sorted(length: int, window: int):
    series = np.random.default_rng(length).normal(size=length).round(1)  # with ties
    longer = [0.0] * (window // 2) + series.tolist() + [0.0] * (window // 2)
    middles = [sorted(longer[start : start + window])[window // 2] for start in range(length)]
    assert running_median(series, window).tolist() == middles
