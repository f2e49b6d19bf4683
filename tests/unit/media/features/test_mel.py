"""Laws of the mel spectrogram, and another program's transform."""

import tracemalloc

import numpy as np
import pytest

from talkingface.errors import DataError
from talkingface.media.features import mel


def speech_like(count, seed=0):
    rng = np.random.default_rng(seed)
    t = np.arange(count) / 16000
    return (0.2 * np.sin(2 * np.pi * 200 * t) + 0.02 * rng.normal(size=count)).astype(np.float32)


@pytest.mark.parametrize(("samples", "rows"), [(1, 8), (160, 8), (161, 9), (232_448, 1460)])
def test_there_are_seven_rows_more_than_hops(samples, rows):
    assert mel.mel_spectrogram(speech_like(samples)).shape == (rows, 80)


def test_rows_equal_a_slow_transform_of_one_frame():
    wave = speech_like(4000)
    row = 9
    first = 160 * row - 1120
    window = 0.5 * np.sin(np.pi * (np.arange(1280) + 0.5) / 1280)
    frame = mel.levelled(wave)[first : first + 1280] * window
    turns = np.outer(np.arange(641), np.arange(1280)) / 1280
    magnitude = np.abs(np.exp(-2j * np.pi * turns) @ frame)
    decibels = 20 * np.log10(np.maximum(1e-5, mel.mel_filters() @ magnitude)) - 20
    slow = np.clip((decibels + 100) / 100, 0, 1)
    # float32 output; the slow transform itself is good to 1e-11
    np.testing.assert_allclose(mel.mel_spectrogram(wave)[row], slow, atol=1e-7)


def test_loudness_does_not_matter():
    wave = speech_like(8000)
    # the level is set to 0.1 in float64; what differs is the rounding of 0.25 x in float32: none
    np.testing.assert_array_equal(mel.mel_spectrogram(wave), mel.mel_spectrogram(0.25 * wave))


def test_a_tone_lights_the_band_that_holds_it():
    t = np.arange(16000) / 16000
    brightest = mel.mel_spectrogram(np.sin(2 * np.pi * 1000 * t))[50].argmax()
    assert mel.mel_filters()[brightest].argmax() * 12.5 == pytest.approx(1000, abs=40)


def test_long_sound_is_the_same_in_blocks(monkeypatch):
    wave = speech_like(8000)
    whole = mel.mel_spectrogram(wave)
    monkeypatch.setattr("talkingface.media.features.framing.BLOCK_FRAMES", 7)
    # BLAS sums a block of another height in another order
    np.testing.assert_allclose(mel.mel_spectrogram(wave), whole, rtol=0, atol=6e-8)


def test_the_windows_overlap_to_one():
    squares = mel.sine_window().reshape(8, 160) ** 2
    np.testing.assert_allclose(squares.sum(axis=0), 1, rtol=1e-14)


def test_no_sound_at_all_is_an_error_that_says_so():
    with pytest.raises(DataError, match="at least one sample"):
        mel.mel_spectrogram(np.zeros(0, np.float32))


@pytest.mark.parametrize("count", [16000, 16037])
def test_the_transform_is_that_of_lws(count):
    lws = pytest.importorskip("lws", reason="lws needs a compiler; we compare where it stands")
    wave = speech_like(count).astype(np.float64)
    theirs = np.abs(lws.lws(1280, 160, mode="speech").stft(mel.levelled(wave)))
    decibels = 20 * np.log10(np.maximum(1e-5, theirs @ mel.mel_filters().T)) - 20
    expected = np.clip((decibels + 100) / 100, 0, 1)
    np.testing.assert_allclose(mel.mel_spectrogram(wave), expected, rtol=0, atol=1e-7)  # float32


def test_long_speech_is_heard_without_copies_of_it():
    wave = speech_like(240 * 16000)
    tracemalloc.start()
    try:
        rows = mel.mel_spectrogram(wave)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    block = 3 * 1024 * 1280 * 8  # 10 s: frames under their window, and a complex spectrum
    assert most < 8 * len(wave) + 2 * rows.nbytes + 1.2 * block  # float64 once, and rows as joined
