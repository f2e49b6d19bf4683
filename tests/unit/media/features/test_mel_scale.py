"""Laws of the triangular filters."""

import numpy as np

from talkingface.media.features.mel_scale import slaney_filters, whole_bin_filters

EIGHT_KHZ = {"sample_rate_hz": 16000, "low_hz": 0.0, "high_hz": 8000.0}


def test_slaney_filters_have_equal_area():
    # 8192 bins sample each triangle densely; the narrowest is 12 bins wide
    filters = slaney_filters(bands=40, fft_size=16382, **EIGHT_KHZ)
    areas = filters.sum(axis=1) * 16000 / 16382
    np.testing.assert_allclose(areas, 1, atol=1e-3)


def test_slaney_filters_are_evenly_spaced_below_one_kilohertz():
    filters = slaney_filters(bands=40, fft_size=16382, **EIGHT_KHZ)
    peaks_hz = filters.argmax(axis=1) * 16000 / 16382
    steps = np.diff(peaks_hz[peaks_hz < 1000])
    assert np.ptp(steps) < 2  # one bin
    ratios = peaks_hz[1:] / peaks_hz[:-1]
    assert np.ptp(ratios[peaks_hz[:-1] > 1000]) < 2e-3  # and by equal ratios above


def test_neighbouring_whole_bin_filters_sum_to_one():
    filters = whole_bin_filters(bands=26, fft_size=512, sample_rate_hz=16000)
    inside = filters.sum(axis=0)[filters[0].argmax() : filters[-1].argmax() + 1]
    np.testing.assert_allclose(inside, 1, atol=1e-14)
