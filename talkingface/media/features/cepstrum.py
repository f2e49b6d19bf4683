"""The cepstra that SyncNet hears: 13 MFCCs a row, as `python_speech_features` 0.6 makes them.

SyncNet hears whole 16-bit numbers, not sound in [-1, 1]: the first coefficient is the logarithm of
the energy and shifts with the scale. Windows are rectangular and nothing is centred.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dct

from talkingface.errors import DataError
from talkingface.media.features.framing import (
    HOP_SAMPLES,
    SAMPLE_RATE_HZ,
    Samples,
    in_blocks,
    overlapping_frames,
)
from talkingface.media.features.mel_scale import Filters, in_bands, whole_bin_filters

NUM_CEPSTRA = 13
FRAME_SAMPLES = 400
FFT_SIZE = 512
PREEMPHASIS = 0.97
LIFTER = 22
TINY = np.finfo(np.float64).eps  # stands for zero before a logarithm


def sixteen_bit(waveform: NDArray[np.floating]) -> NDArray[np.int16]:
    """Return sound in [-1, 1] (L,) as the 16-bit numbers that a wav file of it would hold."""
    whole: NDArray[np.floating] = np.rint(waveform * 32768.0)
    return whole.clip(-32768, 32767).astype(np.int16)


def mfcc(samples: NDArray[np.int16]) -> NDArray[np.float64]:
    """Return the cepstra (M, 13) of 16 kHz sound (L,); M = 1 + ceil((L - 400) / 160), at least 1.

    >>> mfcc(np.zeros(32_000, np.int16)).shape
    (199, 13)
    """
    if samples.ndim != 1 or not len(samples):
        raise DataError(
            f"The sound has the shape {samples.shape}. Give one track of at least one sample."
        )
    heard = samples.astype(np.float64)
    heard[1:] -= PREEMPHASIS * samples[:-1]
    num_rows = 1 + -(-max(0, len(heard) - FRAME_SAMPLES) // HOP_SAMPLES)
    tail = (num_rows - 1) * HOP_SAMPLES + FRAME_SAMPLES - len(heard)
    return in_blocks(
        overlapping_frames(np.pad(heard, (0, tail)), FRAME_SAMPLES, HOP_SAMPLES), _cepstra
    )


def _cepstra(frames: Samples) -> NDArray[np.float64]:
    """Return frames (M, 400) as cepstra (M, 13), the first of them the logarithm of the energy."""
    power = np.abs(np.fft.rfft(frames, FFT_SIZE)) ** 2 / FFT_SIZE
    bands = _logarithm(in_bands(power, mel_filters()))
    lifter = 1 + LIFTER / 2 * np.sin(np.pi * np.arange(NUM_CEPSTRA) / LIFTER)
    cepstra: NDArray[np.float64] = dct(bands, type=2, norm="ortho")[:, :NUM_CEPSTRA] * lifter
    cepstra[:, 0] = _logarithm(power.sum(axis=1))
    return cepstra


def _logarithm(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.log(np.where(x == 0, TINY, x))


@cache
def mel_filters() -> Filters:
    """Return the filter bank, (26, 257), from 0 to 8000 Hz."""
    return whole_bin_filters(bands=26, fft_size=FFT_SIZE, sample_rate_hz=SAMPLE_RATE_HZ)
