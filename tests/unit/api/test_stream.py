"""A portrait that speaks while the speech comes, from Python."""

import numpy as np
import pytest

import talkingface
from talkingface.errors import DataError, UsageError
from tests.unit.api.test_animator import FACE, TONE, no_looking_for_faces

__all__ = ["no_looking_for_faces"]

DEEP = (TONE * 32_767).astype(np.int16)


def test_a_stream_makes_the_clip_of_the_whole_speech() -> None:
    animator = talkingface.load("Loud_Mouth", device="cpu")
    clip = animator.animate(FACE, (DEEP, 16_000), strength={"lip": 2.0}, mark=True)
    with animator.stream(FACE, strength={"lip": 2.0}, mark=True) as stream:
        frames = [frame for piece in np.array_split(DEEP, 7) for frame in stream.push(piece)]
        frames += stream.flush()
        assert (stream.fps, stream.sample_rate_hz, stream.look_ahead_seconds) == (25, 16_000, 0)
    # 4000 samples are 6.25 frames: a video has six, a stream fills the seventh with silence.
    np.testing.assert_array_equal(np.stack([one.picture for one in frames[:6]]), clip.pictures)
    heard = np.concatenate([frame.sound for frame in frames])
    np.testing.assert_array_equal(heard, np.pad(DEEP / np.float32(32_768), (0, 480)))
    assert [frame.seconds for frame in frames] == [index / 25 for index in range(7)]


def test_what_cannot_be_streamed_is_a_sentence() -> None:
    mouth = talkingface.load("Loud_Mouth", device="cpu")
    able = r"so it cannot stream\. Models that can: Loud_Mouth, PC_AVS, PD_FGC\."
    with pytest.raises(UsageError, match=able):
        talkingface.load("Mesh_Warp", device="cpu").stream(FACE)
    with pytest.raises(UsageError, match="sample_rate_hz=0 is no rate of speech"):
        mouth.stream(FACE, 0)
    with pytest.raises(UsageError, match="Loud_Mouth has no control 'pose'"):
        mouth.stream(FACE, pose=(10, 0, 0))
    stream = mouth.stream(FACE)
    with pytest.raises(DataError, match=r"this one is \(2, 100\) of int16"):
        stream.push(np.zeros((2, 100), np.int16))
    with pytest.raises(DataError, match="far above 1"):
        stream.push(np.full(100, 3e4, np.float32))
    stream.close()
    with pytest.raises(UsageError, match="This stream is closed"):
        stream.push(DEEP)
    with pytest.raises(UsageError, match="This stream is closed"):
        stream.flush()
