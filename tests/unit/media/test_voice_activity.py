"""When somebody speaks, from how likely it is in each 32 ms."""

import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from talkingface.errors import PluginError
from talkingface.media import voice_activity
from talkingface.media.voice_activity import segments_of, speech_segments

WINDOW = 512


@pytest.fixture(autouse=True)
def opened_anew():
    network = voice_activity._network
    network.cache_clear()
    yield
    network.cache_clear()


def segments(*runs):
    """Return the segments of windows, given as (how many, how likely), in windows."""
    likely = np.concatenate([np.full(count, value) for count, value in runs])
    margin = np.array([1, -1]) * voice_activity.MARGIN
    found = segments_of(likely, len(likely) * WINDOW)
    inner = found + np.where((found == 0) | (found == len(likely) * WINDOW), 0, margin)
    return (inner / WINDOW).tolist()


def test_what_is_found_is_widened_by_30_ms_within_the_sound():
    found = segments_of(np.array([0.0] * 4 + [0.9] * 10 + [0.0] * 6), 20 * WINDOW)
    assert found.tolist() == [[4 * WINDOW - 480, 14 * WINDOW + 480]]
    assert segments_of(np.full(12, 0.9), 12 * WINDOW - 7).tolist() == [[0, 12 * WINDOW - 7]]


def test_a_pause_of_less_than_100_ms_is_none():
    assert segments((10, 0.9), (3, 0.1), (10, 0.9)) == [[0, 23]]
    assert segments((10, 0.9), (5, 0.1), (10, 0.9)) == [[0, 10], [15, 25]]


def test_a_doubtful_window_ends_no_speech_and_begins_none():
    assert segments((3, 0.4), (10, 0.9), (9, 0.4), (5, 0.1)) == [[3, 22]]
    # A pause goes on through doubt: it ends where speech is likely again.
    assert segments((10, 0.9), (1, 0.1), (4, 0.4), (1, 0.1), (10, 0.9)) == [[0, 10], [16, 26]]


def test_speech_of_less_than_a_quarter_second_is_none():
    assert segments((7, 0.9), (9, 0.0)) == []
    assert segments((8, 0.9), (9, 0.0)) == [[0, 8]]


class Session:
    """Finds a window likely by its mean, and keeps what it was shown."""

    def __init__(self, path=None, options=None):
        self.shown, self.states = [], []

    def run(self, _, given):
        self.shown.append(given["input"][0])
        self.states.append(given["state"][0, 0, 0])
        return [np.array([[given["input"][0, 64:].mean()]]), given["state"] + 1]


def test_each_window_is_heard_with_the_end_of_the_one_before(monkeypatch):
    session = Session()
    monkeypatch.setattr(voice_activity, "_network", lambda: session)
    wave = np.concatenate([np.zeros(1024), np.full(9 * WINDOW + 100, 0.9)]).astype(np.float32)
    found = speech_segments(wave)
    np.testing.assert_allclose(found, [[(1024 - 480) / 16000, len(wave) / 16000]])
    assert session.states == list(range(12))
    padded = np.pad(wave, (64, 12 * WINDOW - len(wave)))
    for index, shown in enumerate(session.shown):
        np.testing.assert_array_equal(shown, padded[index * 512 : index * 512 + 576])


def test_silence_of_no_length_has_no_speech(monkeypatch):
    monkeypatch.setattr(voice_activity, "_network", Session)
    assert speech_segments(np.zeros(0, np.float32)).shape == (0, 2)


def stand_in(monkeypatch, network=None):
    package = ModuleType("onnxruntime")
    package.SessionOptions, package.InferenceSession = SimpleNamespace, Session
    monkeypatch.setitem(sys.modules, "onnxruntime", package)
    monkeypatch.setattr(voice_activity, "packaged_file", lambda package, file: network)


def test_what_is_not_installed_is_said_with_the_cure(monkeypatch, tmp_path):
    stand_in(monkeypatch)
    with pytest.raises(PluginError, match=r"there is no silero_vad.*pip install onnxruntime"):
        speech_segments(np.zeros(512, np.float32))
    stand_in(monkeypatch, tmp_path / "silero_vad.onnx")
    assert speech_segments(np.zeros(512, np.float32)).shape == (0, 2)
    voice_activity._network.cache_clear()
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(PluginError, match="--no-deps silero-vad"):
        speech_segments(np.zeros(512, np.float32))
