"""What is given in Python: arrays are taken as they are, or refused with a sentence."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from talkingface.api.material import driver_of, portrait_of, speech_of
from talkingface.clip import Clip, FrameArray
from talkingface.errors import DataError

FPS = Fraction(25)
FACE = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)


def test_a_portrait_is_a_path_an_array_or_a_picture() -> None:
    assert portrait_of(Path("face.jpg")) == "face.jpg"
    assert portrait_of(FACE) is FACE
    np.testing.assert_array_equal(portrait_of(Image.fromarray(FACE)), FACE)
    grey = portrait_of(Image.fromarray(FACE[..., 0]))
    np.testing.assert_array_equal(grey, np.repeat(FACE[..., :1], 3, axis=2))


@pytest.mark.parametrize(
    "wrong", [FACE / 255, FACE[..., 0], FACE[..., :2], FACE[None], FACE.astype(np.int64)]
)
def test_an_array_that_is_no_portrait_is_refused(wrong: np.ndarray) -> None:
    with pytest.raises(DataError, match=r"A portrait in memory is an array \(H, W, 3\) of uint8"):
        portrait_of(wrong)


def test_a_waveform_of_either_kind_is_the_same_sound() -> None:
    samples = np.array([0, 16384, -32768], dtype=np.int16)
    heard = [speech_of(one) for one in ((samples, 8000), (samples / 32768, 8000))]
    for speech in heard:
        assert not isinstance(speech, str)
        np.testing.assert_array_equal(speech.read(8000), [0, 0.5, -1])
        assert speech.seconds == 3 / 8000
    assert speech_of("a.wav") == "a.wav"
    assert speech_of(heard[0]) is heard[0]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (np.zeros((2, 8)), r"the waveform \(L,\)"),
        (np.zeros(8, np.int64), "of int64"),
        (np.full(8, np.nan), "not numbers"),
        (np.full(8, 30_000.0), "Divide it by its full scale"),
    ],
)
def test_a_waveform_that_is_no_sound_is_refused(wrong: np.ndarray, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        speech_of((wrong, 16_000))


def test_whoever_drives_may_be_given_in_many_ways() -> None:
    assert driver_of("pose", "nod.mp4@37", FPS) == "nod.mp4@37"
    assert driver_of("pose", (10, 0, -2.5), FPS) == "10,0,-2.5"
    frames = np.stack([FACE] * 4)
    for given, length in ((FACE, 1), (frames, 4), (FrameArray(frames), 4)):
        clip = driver_of("pose", given, FPS)
        assert isinstance(clip, Clip)
        assert clip.frames is not None
        assert len(clip.frames) == length
    known = Clip("nod", FrameArray(frames))
    assert driver_of("pose", known, FPS) is known


def test_whoever_drives_at_another_rate_is_refused() -> None:
    with pytest.raises(DataError, match=r"30 pictures a second.*open_frames\(path, fps=25\)"):
        driver_of("pose", FrameArray(FACE[None], Fraction(30)), FPS)
