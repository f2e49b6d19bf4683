"""Our spectrograms, cepstra and windows against those of the authors' programs."""

from pathlib import Path

import numpy as np
import pytest

from talkingface.media.features import cepstrum, mel
from talkingface.media.features.identity_window import identity_window
from talkingface.media.features.windows import mouth_windows, whole_window_frames

HERE = Path(__file__).parent
PC_AVS = np.load(HERE / "pc_avs.npz")
PD_FGC = np.load(HERE / "pd_fgc.npz")
SYNCNET = np.load(HERE / "syncnet.npz")
SPEECH2FACE = np.load(HERE / "speech2talking_face.npz")

# One step of float32 just below 1; everything before the last cast is float64 on both sides.
LAST_BIT = 6e-8


def pc_avs_wave(normal, count):
    t = np.arange(count) / 16000
    swelling = 0.3 * np.sin(2 * np.pi * 220 * t) * (0.5 + 0.5 * np.sin(2 * np.pi * 3 * t))
    rising = 0.2 * np.sin(2 * np.pi * (300 + 400 * t) * t)
    return (swelling + rising + 0.05 * normal("input/wave_noise", (count,))).astype(np.float32)


def pd_fgc_wave(count):
    t = np.arange(count) / 16000
    y = 0.35 * np.sin(2 * np.pi * 140 * t)
    warble = np.sin(2 * np.pi * (420 + 50 * np.sin(2 * np.pi * 3 * t)) * t)
    y += 0.2 * warble * (0.5 + 0.5 * np.sin(2 * np.pi * 4 * t))
    y += 0.1 * np.sin(2 * np.pi * (300 + 1500 * t) * t)
    return y * (0.3 + 0.7 * np.abs(np.sin(2 * np.pi * 1.5 * t)))


def syncnet_wave(normal, count, name="syncnet.wave"):
    t = np.arange(count) / 16000
    tone = 6000 * np.sin(2 * np.pi * 180 * t + 3 * np.sin(2 * np.pi * 3 * t))
    rise = 3000 * np.sin(2 * np.pi * 1200 * t * (1 + 0.1 * t))
    noise = 800 * normal(name, [count]).astype(np.float64)
    envelope = 0.55 + 0.45 * np.sin(2 * np.pi * 4 * t)
    return np.rint((tone + rise + noise) * envelope).astype(np.int16)


@pytest.mark.parametrize("count", [32000, 32077])
def test_the_mel_spectrogram_is_that_of_pc_avs(normal, count):
    ours = mel.mel_spectrogram(pc_avs_wave(normal, count))
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, PC_AVS[f"mel_{count}"], rtol=0, atol=LAST_BIT)


def test_the_mel_spectrogram_of_silence_is_that_of_pc_avs():
    silence = np.zeros(3200, np.float32)
    np.testing.assert_array_equal(mel.mel_spectrogram(silence), PC_AVS["mel_silence"])


def test_the_window_and_the_mel_filters_are_those_of_pc_avs():
    # theirs is a root of a Hann window, which costs digits near zero
    np.testing.assert_allclose(mel.sine_window(), PC_AVS["window"], rtol=0, atol=1e-14)
    # librosa rounds its bank to float32
    filters = mel.mel_filters()
    np.testing.assert_allclose(filters[[0, 10, 40, 79]], PC_AVS["mel_basis_rows"], atol=2e-9)
    np.testing.assert_allclose(filters.sum(axis=1), PC_AVS["mel_basis_sum"], atol=2e-8)


def test_the_mouth_windows_are_those_of_pc_avs():
    rows = PC_AVS["mel_32000"]
    frames = whole_window_frames(len(rows))
    np.testing.assert_array_equal(list(frames), PC_AVS["target_frame"])
    windows = mouth_windows(rows, frames)
    for sample in (0, 1, 46):
        np.testing.assert_array_equal(windows[sample], PC_AVS[f"spectrogram_{sample}"][0])


@pytest.mark.parametrize("num_rows", [160, 163, 207, 208, 211, 1460])
def test_as_many_frames_have_a_whole_window_as_in_pc_avs(num_rows):
    frames = whole_window_frames(num_rows)
    count, first, last = PC_AVS[f"frames_for_{num_rows}_mel"]
    assert (len(frames), frames[0], frames[-1]) == (count, first, last)


def test_the_spectrogram_and_windows_are_those_of_pd_fgc():
    rows = mel.mel_spectrogram(pd_fgc_wave(32000))
    np.testing.assert_allclose(rows, PD_FGC["spectrogram"], rtol=0, atol=LAST_BIT)
    frames = whole_window_frames(len(rows))
    np.testing.assert_array_equal(list(frames), PD_FGC["target_frames"])
    windows = mouth_windows(rows, frames)[[0, 23, 46]]
    golden = PD_FGC["windows_first_mid_last"][:, 0]
    np.testing.assert_allclose(windows, golden, rtol=0, atol=LAST_BIT)


def test_the_spectrogram_of_an_odd_length_is_that_of_pd_fgc():
    rows = mel.mel_spectrogram(pd_fgc_wave(32077))
    assert rows.shape == tuple(PD_FGC["odd_length_shape"])
    np.testing.assert_allclose(rows[-10:], PD_FGC["odd_length_tail"], rtol=0, atol=LAST_BIT)


def test_the_level_is_that_of_pd_fgc():
    ours = mel.levelled(pd_fgc_wave(32000))[:200]
    np.testing.assert_allclose(ours, PD_FGC["normalized_first200"], rtol=1e-12)


@pytest.mark.parametrize(
    ("golden", "count", "name"),
    [("mfcc", 32000, "syncnet.wave"), ("short", 300, "syncnet.wave.short")],
)
def test_the_cepstra_are_those_of_syncnet(normal, golden, count, name):
    ours = cepstrum.mfcc(syncnet_wave(normal, count, name))
    np.testing.assert_allclose(ours, SYNCNET[golden], rtol=0, atol=1e-11)  # float64 throughout


def test_the_cepstra_of_silence_are_those_of_syncnet():
    ours = cepstrum.mfcc(np.zeros(2000, np.int16))
    np.testing.assert_allclose(ours, SYNCNET["zero"], rtol=0, atol=1e-11)


def test_the_mel_filters_are_those_of_syncnet():
    np.testing.assert_allclose(cepstrum.mel_filters(), SYNCNET["filterbank"], rtol=0, atol=1e-15)


def test_the_identity_window_is_that_of_speech2talking_face(normal):
    window = identity_window(mel.mel_spectrogram(pc_avs_wave(normal, 96000)))
    assert window.start_row == SPEECH2FACE["start_row"]
    golden = SPEECH2FACE["spectrogram_id"][0]
    np.testing.assert_allclose(window.rows, golden, rtol=0, atol=LAST_BIT)


@pytest.mark.parametrize("units", [1, 2])
def test_the_identity_window_starts_at_the_same_row_for_every_length(units):
    window = identity_window(np.ones((607, 80), np.float32), units)
    assert window.start_row == SPEECH2FACE[f"n_mel_T_{units}_start"]
    assert window.rows.shape == (80 * units, 80)


def test_whole_identity_windows_start_where_the_original_starts_them():
    whole = [row for row in SPEECH2FACE["table"] if row[0] >= 476]
    assert len(whole) > 80
    for num_rows, num_frames, start_row, window_rows, _ in whole:
        window = identity_window(np.ones((num_rows, 80), np.float32))
        assert (window.start_row, len(window.rows)) == (start_row, window_rows)
        assert window.rule == "published"
        assert len(whole_window_frames(num_rows)) == num_frames
