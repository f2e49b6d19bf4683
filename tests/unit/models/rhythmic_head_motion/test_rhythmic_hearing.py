"""What lips and head hear."""

import numpy as np
import pytest

from talkingface.errors import DataError
from talkingface.models.rhythmic_head_motion.hearing import WINDOW_SHAPES, Heard
from talkingface.models.rhythmic_head_motion.motion_series import speech_windows

NOISE = np.random.default_rng(0).normal(0, 0.1, 80 * 640).astype(np.float32)


def test_speech_is_cut_or_filled_to_whole_frames():
    assert Heard.of(NOISE, 30).num_frames == 30
    longer = Heard.of(NOISE[:1000], 3)
    assert longer.num_frames == 3
    np.testing.assert_array_equal(longer.waveform[:1000], NOISE[:1000])
    assert not longer.waveform[1000:].any()
    with pytest.raises(DataError, match="no samples"):
        Heard.of(NOISE[:0], 3)


@pytest.mark.parametrize("frames", [range(0, 10), range(33, 50), range(60, 80)])
def test_a_part_of_the_samples_is_heard_as_in_the_whole(frames):
    part = Heard.of(NOISE, 80).head_windows(frames, "samples")
    np.testing.assert_array_equal(part, speech_windows(NOISE)[frames.start : frames.stop])


@pytest.mark.parametrize("how", WINDOW_SHAPES)
def test_each_frame_has_a_window(how):
    heard = Heard.of(NOISE, 80)
    assert heard.head_windows(range(3, 20), how).shape == (17, *WINDOW_SHAPES[how])
    assert heard.lip_windows(range(3, 20)).shape == (17, 80, 20)


def test_a_window_of_the_spectrogram_stands_around_its_frame():
    """A click at frame 40 is heard in the middle of its window, and no longer four frames on."""
    click = np.zeros_like(NOISE)
    click[40 * 640 : 40 * 640 + 80] = 0.5
    loudness = Heard.of(click, 80).head_windows(range(80), "mel").sum(axis=2)
    assert loudness[40].argmax() in range(10, 18)  # of 28 rows; a row stands 30 ms early
    assert loudness[36].sum() < 0.2 * loudness[40].sum()
    assert loudness[45].sum() < 0.2 * loudness[40].sum()


def test_silence_before_shifts_all_that_is_heard():
    heard, longer = Heard.of(NOISE, 80), Heard.of(NOISE, 80).after_silence(20)
    assert longer.num_frames == 100
    # the sound is brought to one level, which the silence lowers
    first, second = heard.lip_windows(range(10, 60)), longer.lip_windows(range(30, 80))
    offset = (second - first)[first > 0.3]
    assert np.ptp(offset) < 1e-3  # decibels of float32, a hundredth of a level
