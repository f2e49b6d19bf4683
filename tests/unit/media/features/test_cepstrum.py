"""Laws of SyncNet's cepstra."""

import numpy as np
import pytest

from talkingface.errors import DataError
from talkingface.media.features.cepstrum import mfcc, sixteen_bit


def noise(count, seed=0):
    return np.random.default_rng(seed).integers(-9000, 9000, count).astype(np.int16)


@pytest.mark.parametrize(("samples", "rows"), [(1, 1), (400, 1), (401, 2), (16000, 99)])
def test_rows_come_every_ten_milliseconds_and_none_is_dropped(samples, rows):
    assert mfcc(noise(samples)).shape == (rows, 13)


def test_sound_twice_as_loud_moves_the_energy_alone():
    wave = noise(8000)
    quiet, loud = mfcc(wave), mfcc(2 * wave)
    np.testing.assert_allclose(loud[:, 0] - quiet[:, 0], np.log(4), rtol=1e-12)
    np.testing.assert_allclose(
        loud[:, 1:], quiet[:, 1:], atol=1e-9
    )  # sums of 26 logarithms near 15


def test_sound_40_ms_later_gives_the_same_cepstra_four_rows_later():
    wave = noise(16000)
    later = mfcc(np.concatenate([np.zeros(640, np.int16), wave]))
    np.testing.assert_allclose(later[5:100], mfcc(wave)[1:96], atol=1e-9)


def test_sixteen_bits_are_read_back_as_they_were_written():
    wave = np.array([-32768, -1, 0, 1, 32767], np.int16)
    np.testing.assert_array_equal(sixteen_bit(wave / np.float32(32768)), wave)


def test_sound_beyond_full_scale_is_clipped():
    np.testing.assert_array_equal(sixteen_bit(np.array([1.5, -1.5])), [32767, -32768])


def test_no_sound_at_all_is_an_error_that_says_so():
    with pytest.raises(DataError, match="at least one sample"):
        mfcc(np.zeros(0, np.int16))
