"""How late a sound is, told by an embedder that can read: pictures and sound count aloud."""

import pickle
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from talkingface.clip import FrameArray
from talkingface.engine import sound_offset as module
from talkingface.engine.sound_offset import SoundOffset, frames_late, sound_offset
from talkingface.media import SpeechArray

SAMPLES_A_FRAME = 640  # at 16 kHz and 25 frames a second
NUM_FRAMES = 40  # more than are decoded at once
MEANINGS = np.random.default_rng(0).normal(size=(256, 8)).astype(np.float32)


class Reader:
    """Reads the number that a window begins with, in grey levels and in loudness."""

    face_px = 224

    def video(self, frames):
        return MEANINGS[frames[: len(frames) - 4, 0, 0, 0]]

    def sound(self, samples, num_windows, shift=0):
        levels = samples[::SAMPLES_A_FRAME][:num_windows].astype(int)
        return MEANINGS[np.rint(levels / 100).astype(int)]


def counted(late: int, fps: int = 25, num_frames: int = NUM_FRAMES) -> tuple:
    """Return pictures that count from 20, and a sound that does so `late` frames later."""
    numbers = 20 + np.arange(num_frames)
    pictures = np.tile(numbers.astype(np.uint8)[:, None, None, None], (1, 8, 8, 3))
    levels = np.repeat((numbers - late) * 100 / 32767, SAMPLES_A_FRAME)
    sound = SpeechArray(levels.astype(np.float32), 16000)
    return FrameArray(pictures, Fraction(fps)), sound


@pytest.mark.parametrize("late", [0, 3, -4])
def test_a_late_sound_counts_in_frames_and_an_early_one_is_negative(late: int) -> None:
    assert frames_late(*counted(late), Reader()) == late


def test_what_syncnet_does_not_know_is_not_told() -> None:
    assert frames_late(*counted(0, fps=30), Reader()) is None
    assert frames_late(*counted(0, num_frames=5), Reader()) is None


def test_without_weights_nobody_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "published_files", lambda names: {})
    assert sound_offset() is None


def test_the_weights_that_are_here_are_sent_to_other_processes_by_their_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "syncnet_v2.model"
    monkeypatch.setattr(module, "published_files", lambda names: dict.fromkeys(names, file))
    assert pickle.loads(pickle.dumps(sound_offset())) == SoundOffset(file)
