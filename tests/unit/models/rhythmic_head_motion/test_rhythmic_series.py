"""Series over time, against the steps of the published recipe taken one by one."""

import numpy as np
import pytest

from talkingface.errors import DataError
from talkingface.models.rhythmic_head_motion import motion_series


def smoothed_slowly(series, window):
    """Take the recipe literally: extend, convolve, cut."""
    before, after = series[window - 1 : 0 : -1], series[-2 : -window - 1 : -1]
    longer = np.concatenate([before, series, after])
    weights = np.hanning(window)
    valid = np.convolve(longer, weights / weights.sum(), mode="valid")
    return valid[window // 2 - 1 : -(window // 2 + 1)]


@pytest.mark.parametrize("window", [11, 21])
def test_smoothing_is_one_frame_early(window):
    series = np.random.default_rng(0).normal(size=40)
    ours = motion_series.smoothed_early(series, window)
    np.testing.assert_allclose(ours, smoothed_slowly(series, window), rtol=0, atol=1e-12)


def test_motion_comes_back_from_its_normal_form():
    still = np.tile(motion_series.MOTION_MEAN + motion_series.MOTION_DEVIATION, (20, 1))
    normalised = motion_series.normalised_motion(still)
    np.testing.assert_allclose(normalised, 1, rtol=0, atol=1e-6)  # float32
    np.testing.assert_allclose(motion_series.head_motion(normalised), still, rtol=0, atol=1e-5)


def test_windows_of_speech_are_cut_as_the_recipe_says():
    rng = np.random.default_rng(1)
    speech = rng.uniform(-1, 1, 30 * 640 + 77).astype(np.float32)
    samples = np.rint(speech * 32767).astype(np.int16)
    longer = np.concatenate([samples[: 3 * 640], samples])
    longer = np.insert(longer, -1, samples[-4 * 640 :])
    windows = np.stack([longer[640 * t : 640 * (t + 7)] for t in range(30)])
    ours = motion_series.speech_windows(speech)
    assert ours.shape == (30, 7, 640)
    for place in (0, 639, 2000, 4479):
        series = windows[:, place].astype(np.float64)
        expected = np.trunc(smoothed_slowly(series, 21))
        np.testing.assert_array_equal(ours.reshape(30, -1)[:, place], expected)


def test_speech_of_three_frames_is_too_short():
    with pytest.raises(DataError, match=r"lasts 0\.12 s"):
        motion_series.speech_windows(np.zeros(3 * 640, np.float32))
