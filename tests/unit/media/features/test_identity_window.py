"""The stretch of speech that a face is inferred from, where the published rule does not reach."""

import logging

import numpy as np
import pytest

from talkingface.errors import DataError
from talkingface.media.features.identity_window import identity_window


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
