"""The mel spectrogram that PC-AVS, Speech2Talking-Face and PD-FGC hear.

The transform is the one of the `lws` package in its perfect-reconstruction mode, which needs no
package: frames of 80 ms every 10 ms under a sine window, the first one mostly before the sound.
So row m is centred on sample 160 m - 480, 30 ms before its own time.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from talkingface.errors import DataError
from talkingface.media.features.framing import (
    BLOCK_FRAMES,
    HOP_SAMPLES,
    SAMPLE_RATE_HZ,
    Samples,
    in_blocks,
    overlapping_frames,
)
from talkingface.media.features.mel_scale import Filters, in_bands, slaney_filters
from talkingface.media.features.passage import Passage

MEL_BANDS = 80
FRAME_SAMPLES = 1280
LEAD_SAMPLES = FRAME_SAMPLES - HOP_SAMPLES  # of silence before the sound
LEVEL_RMS = 0.1
SILENT_RMS = 1e-4  # sound below it is raised as if it were this loud
FLOOR_DB, REFERENCE_DB = -100.0, 20.0

Mel = NDArray[np.float32]  # (M, 80) in [0, 1], a hundred rows a second
Levelling = Callable[[NDArray[np.floating]], Samples]


def levelled(waveform: NDArray[np.floating]) -> Samples:
    """Return `waveform` (L,) at a root mean square of 0.1, as float64; silence stays silent."""
    samples: Samples = waveform.astype(np.float64)
    rms = float(np.sqrt(np.dot(samples, samples) / len(samples)))
    samples *= LEVEL_RMS / max(SILENT_RMS, rms)
    return samples


def mel_spectrogram(waveform: NDArray[np.floating], at_level: Levelling = levelled) -> Mel:
    """Return the log-mel spectrogram of 16 kHz speech (L,), brought to a level first.

    There are `num_rows` rows.

    >>> mel_spectrogram(np.zeros(32_000, np.float32)).shape
    (207, 80)
    """
    if waveform.ndim != 1 or not len(waveform):
        raise DataError(
            f"The speech has the shape {waveform.shape}. Give one track of at least one sample."
        )
    whole, rows = Passage(at_level(waveform), length=len(waveform)), range(num_rows(len(waveform)))
    blocks = (rows[start : start + BLOCK_FRAMES] for start in rows[::BLOCK_FRAMES])
    return np.concatenate([mel_rows(whole, block) for block in blocks])


def mel_rows(speech: Passage, rows: range) -> Mel:
    """Return some rows of the spectrogram of levelled speech: those in `rows`, in a row."""
    start, stop = HOP_SAMPLES * rows.start - LEAD_SAMPLES, HOP_SAMPLES * rows.stop
    frames = overlapping_frames(speech.between(start, stop), FRAME_SAMPLES, HOP_SAMPLES)
    return in_blocks(frames, _log_mel).astype(np.float32)


def num_rows(num_samples: int) -> int:
    """Return how many rows the spectrogram of so many samples has, 7 + ceil(L / 160)."""
    return LEAD_SAMPLES // HOP_SAMPLES + -(-num_samples // HOP_SAMPLES)


def _log_mel(frames: Samples) -> NDArray[np.float64]:
    """Return frames (M, 1280) as mel rows (M, 80): decibels from -100 to 0, put into [0, 1]."""
    magnitude = np.abs(np.fft.rfft(frames * sine_window()))
    floor = 10 ** (FLOOR_DB / 20)
    decibels = 20 * np.log10(np.maximum(floor, in_bands(magnitude, mel_filters()))) - REFERENCE_DB
    return np.clip((decibels - FLOOR_DB) / -FLOOR_DB, 0, 1)


@cache
def sine_window() -> Samples:
    """Return the analysis window (1280,); overlapped eightfold, its squares sum to 1."""
    phase = np.pi * (np.arange(FRAME_SAMPLES) + 0.5) / FRAME_SAMPLES
    window: Samples = np.sqrt(2 * HOP_SAMPLES / FRAME_SAMPLES) * np.sin(phase)
    return window


@cache
def mel_filters() -> Filters:
    """Return the filter bank, (80, 641), from 125 to 7600 Hz."""
    return slaney_filters(
        bands=MEL_BANDS,
        fft_size=FRAME_SAMPLES,
        sample_rate_hz=SAMPLE_RATE_HZ,
        low_hz=125,
        high_hz=7600,
    )
