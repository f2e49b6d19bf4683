"""What the authors' program makes of sound, where `../speech_features` does not say it."""

import numpy as np

from talkingface.media.features.mel import LEVEL_RMS, levelled, mel_filters, num_rows
from talkingface.media.features.windows import mouth_windows, whole_window_frames
from tests.parity.pd_fgc.published_numbers import golden, waveform

SOUND = golden("audio_pipeline")


def test_the_loudness_is_that_of_the_authors():
    wave = waveform(32000)
    np.testing.assert_allclose(
        LEVEL_RMS / SOUND["rms"], levelled(wave)[100] / wave[100], rtol=1e-12
    )


def test_there_are_as_many_windows_as_the_authors_have():
    frames = whole_window_frames(num_rows(32000))
    windows = mouth_windows(np.zeros((num_rows(32000), 80), np.float32), frames)
    assert windows[:, None].shape == tuple(SOUND["windows_shape"])


def test_the_mel_filters_are_those_of_the_authors():
    # theirs are rounded to float32
    np.testing.assert_allclose(mel_filters()[40], SOUND["mel_basis_row40"], rtol=0, atol=2e-9)
    np.testing.assert_allclose(mel_filters().sum(axis=1), SOUND["mel_basis_rowsum"], atol=2e-8)
