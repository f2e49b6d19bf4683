"""Speech at one level, measured while it comes."""

import numpy as np
import pytest

from talkingface.media.features.framing import HOP_SAMPLES
from talkingface.media.features.level import RunningLevel, levelling


def noise(rms: float, seconds: float, seed: int = 0) -> np.ndarray:
    chance = np.random.default_rng(seed)
    return (rms * chance.standard_normal(round(16_000 * seconds))).astype(np.float32)


def rms(samples: np.ndarray) -> float:
    return float(np.sqrt(np.mean(samples**2)))


def test_pieces_of_whole_blocks_give_what_the_whole_gives() -> None:
    speech = np.concatenate([noise(0.02, 0.5), noise(0.0, 0.5), noise(0.3, 0.5)])[:-7]
    level, whole = RunningLevel(), levelling("so_far")(speech)
    pieces = np.split(speech, HOP_SAMPLES * np.array([1, 2, 40, 41, 149]))
    np.testing.assert_array_equal(np.concatenate([level.levelled(one) for one in pieces]), whole)


@pytest.mark.parametrize("loudness", [0.01, 0.1, 0.5])
def test_a_voice_reaches_the_common_level_and_pauses_do_not_change_it(loudness: float) -> None:
    level = RunningLevel()
    level.levelled(noise(loudness, 20))
    level.levelled(noise(0.0, 5))
    # A hundred thousandth of the power is left of what the level was before a voice was known.
    assert rms(level.levelled(noise(loudness, 1))) == pytest.approx(0.1, rel=0.1)


def test_the_whole_speech_has_the_published_level() -> None:
    assert rms(levelling("whole")(noise(0.02, 1))) == pytest.approx(0.1)


def test_the_noise_of_a_room_is_silence_once_it_lasts_and_a_voice_ends_it_at_once() -> None:
    level = RunningLevel()
    room = noise(5e-4, 1)
    assert not level.levelled(room).any()  # before somebody speaks
    level.levelled(noise(0.1, 1))
    after = level.levelled(room)
    assert after[:4_800].all()  # 0.3 s may belong to the speech
    assert not after[4_800:].any()
    assert level.levelled(noise(0.1, 0.01)).all()
