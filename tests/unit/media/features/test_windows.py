"""Which rows of sound meet which frame."""

import numpy as np
import pytest

from talkingface.media.features.mel import levelled, mel_spectrogram
from talkingface.media.features.passage import Passage
from talkingface.media.features.windows import (
    HEARD_AFTER,
    HEARD_BEFORE,
    mouth_windows,
    num_sync_windows,
    passing_mouth_windows,
    sync_windows,
    whole_window_frames,
)


def numbered_rows(count, width):
    """Rows that say their own number."""
    return np.repeat(np.arange(count, dtype=np.float32)[:, None], width, axis=1)


def test_the_demo_of_pc_avs_has_361_pictures():
    frames = whole_window_frames(1460)
    assert (len(frames), frames[0], frames[-1]) == (361, 2, 362)


@pytest.mark.parametrize("num_rows", [0, 8, 19])
def test_sound_shorter_than_a_window_has_no_whole_one(num_rows):
    assert len(whole_window_frames(num_rows)) == 0


def test_a_frame_stands_in_the_middle_of_its_mouth_window():
    windows = mouth_windows(numbered_rows(207, 80), whole_window_frames(207))
    assert windows.shape == (47, 80, 20)
    np.testing.assert_array_equal(windows[0, 0], np.arange(20))
    np.testing.assert_array_equal(windows[46, 79], np.arange(184, 204))


def test_every_frame_of_a_video_gets_a_window_and_the_ends_repeat():
    windows = mouth_windows(numbered_rows(207, 80), range(50))
    assert len(windows) == 50
    np.testing.assert_array_equal(windows[0, 0], [0] * 8 + list(range(12)))
    np.testing.assert_array_equal(windows[49, 0], [*range(188, 207), 206])
    whole = mouth_windows(numbered_rows(207, 80), range(2, 49))
    np.testing.assert_array_equal(windows[2:49], whole)


def test_a_sync_window_begins_with_its_frame():
    windows = sync_windows(numbered_rows(199, 13), 45)
    assert windows.shape == (45, 13, 20)
    np.testing.assert_array_equal(windows[44, 5], np.arange(176, 196))


@pytest.mark.parametrize(
    ("num_frames", "num_samples", "windows"), [(40, 27200, 35), (40, 16000, 20), (3, 99999, 0)]
)
def test_the_shorter_of_picture_and_sound_decides(num_frames, num_samples, windows):
    assert num_sync_windows(num_frames, num_samples) == windows


def test_windows_of_a_passage_are_those_of_the_whole_speech():
    speech = np.random.default_rng(0).normal(0, 0.1, 9_800)
    whole = mouth_windows(mel_spectrogram(speech), range(16))
    samples = levelled(speech)
    for frames in (range(3), range(4, 5), range(6, 12)):
        start = max(0, 640 * frames.start - HEARD_BEFORE)
        stop = 640 * (frames.stop - 1) + HEARD_AFTER
        there = Passage(samples[start:stop], start)
        # float64 in products of other heights, then rounded to float32
        np.testing.assert_allclose(passing_mouth_windows(there, frames), whole[frames], atol=1e-6)
    ended = Passage(samples[5_000:], 5_000, len(samples))
    np.testing.assert_allclose(passing_mouth_windows(ended, range(12, 16)), whole[12:], atol=1e-6)


@pytest.mark.parametrize("missing", ["before", "after"])
def test_a_window_needs_all_that_it_is_said_to_hear(missing):
    start = 640 * 5 - HEARD_BEFORE + (missing == "before")
    stop = 640 * 5 + HEARD_AFTER - (missing == "after")
    with pytest.raises(AssertionError, match="forgotten" if missing == "before" else "not heard"):
        passing_mouth_windows(Passage(np.zeros(stop - start), start), range(5, 6))
