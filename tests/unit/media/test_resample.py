import numpy as np
import pytest

from talkingface.media.resample import Resampler, join, lag_seconds, resample, resample_blocks

RATES = [(44100, 16000), (48000, 16000), (22050, 16000), (8000, 16000), (16000, 48000)]


def tone(hertz: float, sample_rate_hz: int, seconds: float = 0.5) -> np.ndarray:
    times = np.arange(round(seconds * sample_rate_hz)) / sample_rate_hz
    return (0.5 * np.sin(2 * np.pi * hertz * times)).astype(np.float32)


@pytest.mark.parametrize(("from_hz", "to_hz"), RATES)
@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_tones_pass_unchanged_and_in_time(from_hz: int, to_hz: int, share: float) -> None:
    hertz = share * min(from_hz, to_hz) / 2
    resampled = resample(tone(hertz, from_hz), from_hz, to_hz)
    expected = tone(hertz, to_hz)
    assert resampled.shape == expected.shape
    middle = slice(to_hz // 10, -to_hz // 10)  # the ends ring, as a cut-off tone must
    # A thousandth of the level: 0.01 dB, or a lag of a thousandth of a sample.
    assert np.abs(resampled - expected)[middle].max() < 0.5e-3


@pytest.mark.parametrize("from_hz", [44100, 48000])
@pytest.mark.parametrize("hertz", [8200, 9000, 12000, 15700])
def test_tones_above_the_new_band_vanish(from_hz: int, hertz: float) -> None:
    resampled = resample(tone(hertz, from_hz), from_hz, 16000)
    assert np.abs(resampled[1600:-1600]).max() < 0.5 * 10 ** (-90 / 20)


def test_blocks_of_any_size_give_what_one_block_gives() -> None:
    sound = np.random.default_rng(0).uniform(-0.5, 0.5, 20_000).astype(np.float32)
    whole = resample(sound, 44100, 16000)
    pieces = np.split(sound, [0, 1, 7, 4096, 4097, 15_000])
    assert (join(resample_blocks(pieces, 44100, 16000)) == whole).all()


@pytest.mark.parametrize(("from_hz", "to_hz"), [*RATES, (16000, 16000)])
def test_as_much_is_held_back_as_is_said(from_hz: int, to_hz: int) -> None:
    resampler, num_ready = Resampler(from_hz, to_hz), 0
    for _ in range(50):
        num_ready += len(resampler.push(np.zeros(from_hz // 50, np.float32)))
    lag = 1 - num_ready / to_hz
    # A sample more or less, and that the filter may take whole ones only.
    assert lag == pytest.approx(lag_seconds(from_hz, to_hz), abs=2.5 / min(from_hz, to_hz))


def test_full_scale_does_not_overshoot() -> None:
    square = np.sign(tone(300, 44100))
    assert np.abs(resample(square, 44100, 16000)).max() <= 1


def test_nothing_stays_nothing() -> None:
    assert len(resample(np.empty(0, np.float32), 44100, 16000)) == 0
