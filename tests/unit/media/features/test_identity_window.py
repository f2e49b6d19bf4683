"""The stretch of speech that a face is inferred from, where the published rule does not reach."""

import logging

import numpy as np
import pytest

from talkingface.errors import DataError
from talkingface.media.features.identity_window import (
    continued,
    identity_window,
    spread_windows,
)


def numbered_rows(count):
    return np.repeat(np.arange(1, count + 1, dtype=np.float32)[:, None], 80, axis=1)


def test_speech_a_little_too_short_for_the_published_rule_gives_its_middle():
    window = identity_window(numbered_rows(400))
    assert (window.rule, window.start_row) == ("centred", 40)
    np.testing.assert_array_equal(window.rows[:, 0], np.arange(41, 361))


def test_speech_shorter_than_the_window_is_reflected_and_the_log_says_so(caplog):
    with caplog.at_level(logging.WARNING):
        window = identity_window(numbered_rows(100))
    assert window.rule == "reflected"
    assert "1.0 s, shorter than the 3.2 s" in caplog.text
    there_and_back = [*range(1, 101), *range(100, 0, -1)]
    np.testing.assert_array_equal(window.rows[:, 0], (there_and_back * 2)[:320])


def test_no_window_is_silence():
    with pytest.raises(DataError, match="silent"):
        identity_window(np.zeros((500, 80), np.float32))


def test_spread_windows_reach_from_the_first_row_to_the_last_at_equal_steps():
    windows = spread_windows(numbered_rows(401), units=1, number=4)
    assert windows.shape == (4, 80, 80)
    assert windows[:, 0, 0].tolist() == [1, 108, 215, 322]
    assert windows[-1, -1, 0] == 401


def test_no_spread_window_comes_twice():
    assert spread_windows(numbered_rows(82), 1, 8)[:, 0, 0].tolist() == [1, 2, 3]
    (only,) = spread_windows(numbered_rows(80), 1, 8)
    np.testing.assert_array_equal(only, numbered_rows(80))


def test_short_speech_has_one_reflected_window_and_silence_none(caplog):
    with caplog.at_level(logging.WARNING):
        (only,) = spread_windows(numbered_rows(50), 1, 8)
    assert only[[49, 50, 79], 0].tolist() == [50, 50, 21]
    assert "shorter than the 0.8 s" in caplog.text
    with pytest.raises(DataError, match="silent"):
        spread_windows(np.zeros((500, 80), np.float32), 1, 8)


def test_speech_that_is_long_enough_is_not_continued():
    rows = numbered_rows(81)
    assert continued(rows, 1) is rows
