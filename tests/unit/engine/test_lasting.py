"""Frames and speech of any length are brought to the one that is wanted."""

from fractions import Fraction

import numpy as np
import pytest

from talkingface.clip import FrameArray
from talkingface.data.synth.driving import ping_pong
from talkingface.engine.lasting import FramesPart, LastingFrames, SpeechPart
from talkingface.media import SpeechArray

LEVELS = np.arange(7, dtype=np.uint8)
FRAMES = FrameArray(np.broadcast_to(LEVELS[:, None, None, None], (7, 2, 2, 3)), Fraction(30))


def levels(pictures):
    return [int(picture[0, 0, 0]) for picture in pictures]


@pytest.mark.parametrize("num_frames", [1, 6, 7, 8, 14, 40])
def test_frames_go_to_their_end_and_back(num_frames):
    lasting = LastingFrames(FRAMES, num_frames)
    expected = ping_pong(LEVELS, num_frames).tolist()
    assert len(lasting) == num_frames
    assert levels(lasting) == expected
    assert levels(lasting.read(0, num_frames)) == expected
    assert levels(lasting.read(3, 5)) == expected[3:5]
    assert lasting.fps == 30


def test_a_part_begins_and_ends_where_it_is_asked_to():
    part = FramesPart(FRAMES, 2, 3)
    assert (len(part), levels(part), levels(part.read(1, 9))) == (3, [2, 3, 4], [3, 4])
    assert len(FramesPart(FRAMES, 5, 100)) == 2
    assert levels(FramesPart(FRAMES, 5, 100)) == [5, 6]
    assert len(FramesPart(FRAMES, 9, 100)) == 0


def test_speech_is_cut_from_where_it_is_asked_to_and_repeated_where_it_is_short():
    ramp = SpeechArray(np.linspace(-1, 1, 1600, dtype=np.float32))
    part = SpeechPart(ramp, 0.05, 0.02)
    np.testing.assert_array_equal(part.read(16000), ramp.waveform[800:1120])
    twice = SpeechPart(ramp, 0.0, 0.2).read(16000)
    np.testing.assert_array_equal(twice, np.tile(ramp.waveform, 2))
    assert part.sample_rate_hz == 16000
    assert not SpeechPart(ramp, 9.0, 0.1).read(16000).any()
