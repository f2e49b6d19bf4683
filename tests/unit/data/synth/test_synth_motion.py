"""Motion: natural in its bounds, and no factor tells of another."""

from fractions import Fraction
from itertools import combinations

import numpy as np

from talkingface.data.synth.factors import FACTOR_INDEX, FACTOR_NAMES
from talkingface.data.synth.motion import loudness_of, natural_motion

RATE = Fraction(25)
LENGTH = 75


def many(loudness: np.ndarray, count: int = 300) -> np.ndarray:
    drawn = [natural_motion(np.random.default_rng(k), RATE, loudness)[0] for k in range(count)]
    return np.stack(drawn)


QUIET = many(np.zeros(LENGTH))


def test_heads_turn_within_their_bounds() -> None:
    for name, limit in (("yaw", 32), ("pitch", 18), ("roll", 14)):
        degrees = np.degrees(QUIET[..., FACTOR_INDEX[name]])
        assert np.abs(degrees).max() < limit
        assert degrees.std() > limit / 5
        assert np.abs(np.diff(degrees, axis=1)).max() < 8  # degrees a frame: nobody's neck snaps


def test_factors_do_not_depend_on_each_other() -> None:
    names = ["yaw", "pitch", "roll", "blink", "gaze_x", "gaze_y", "brow"]
    # One number a clip; the correlation of 300 independent pairs is beyond 0.2 once in 2000.
    means = {name: QUIET[:, LENGTH // 2, FACTOR_INDEX[name]] for name in names}
    for first, second in combinations(names, 2):
        assert abs(np.corrcoef(means[first], means[second])[0, 1]) < 0.2


def test_people_blink_and_look_about() -> None:
    blink = QUIET[..., FACTOR_INDEX["blink"]]
    starts = (np.diff((blink > 0.9).astype(int), axis=1) == 1).sum() / (300 * LENGTH / 25)
    assert 0.25 < starts < 0.8  # blinks a second: people who speak blink 15 to 40 times a minute
    gaze = QUIET[..., FACTOR_INDEX["gaze_x"]]
    step = np.abs(np.diff(gaze, axis=1))
    assert (step > 0.2).mean() < 0.08, "between jumps the eyes rest"
    assert gaze.std() > 0.3


def test_every_emotion_comes_and_only_one_at_a_time() -> None:
    moods = QUIET[:, :, [FACTOR_INDEX[n] for n in ("happy", "sad", "angry", "surprised")]]
    shown = (moods.max(axis=1) > 0).sum(axis=1)
    assert set(shown) == {0, 1}
    assert ((moods.max(axis=1) > 0).sum(axis=0) > 30).all()


def test_heads_nod_with_the_voice() -> None:
    swell = np.zeros(LENGTH)
    swell[30:36] = 1.0
    nodding = many(swell) - QUIET
    pitch = nodding[:, :, FACTOR_INDEX["pitch"]].mean(axis=0)
    assert 30 <= pitch.argmax() <= 36
    assert np.degrees(pitch.max()) > 0.5
    untouched = [n for n in FACTOR_NAMES if n not in {"pitch", "brow"}]
    np.testing.assert_array_equal(nodding[..., [FACTOR_INDEX[n] for n in untouched]], 0)


def test_loudness_is_that_of_the_sound_round_the_frame() -> None:
    sound = np.zeros(16000, dtype=np.float32)
    sound[8000:9600] = 0.5  # 0.5 to 0.6 s: frames 12.5 to 15
    loudness = loudness_of(sound, 16000, RATE, 25)
    slow = np.array(
        [
            np.sqrt(np.mean(sound[max(k - 1, 0) * 640 : (k + 1) * 640].astype(float) ** 2))
            for k in range(25)
        ]
    )
    np.testing.assert_allclose(loudness, slow / slow.max(), atol=1e-6)  # differences of sums
