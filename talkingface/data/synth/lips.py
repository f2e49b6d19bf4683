"""Lips from phonemes: every sound pulls the mouth its way, and its neighbours pull too."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from scipy.ndimage import gaussian_filter1d

from talkingface.data.synth.arrays import Array
from talkingface.data.synth.phonemes import PHONEMES, TimedPhoneme

STEP_HZ = 1000  # lips are computed to the millisecond
SPREAD = {
    "open": 0.034,
    "wide": 0.034,
    "round": 0.045,
    "press": 0.015,
    "tuck": 0.018,
    "tongue": 0.025,
}
EARLY = {"press": 0.02, "tuck": 0.014}  # seconds by which lips close before, and open after
LIP_FACTORS = tuple(SPREAD)


def lip_curves(phonemes: Sequence[TimedPhoneme], seconds: float) -> Array:
    """Return the lip factors (milliseconds, 6), in the order of `LIP_FACTORS`.

    Each factor is the phonemes' wish smoothed by its own spread: rounding starts early, pressed
    lips come and go quickly, because P, B and M must close.
    """
    steps = round(seconds * STEP_HZ)
    curves = np.zeros((steps, len(LIP_FACTORS)), dtype=np.float64)
    for phoneme in phonemes:
        for column, name in enumerate(LIP_FACTORS):
            wish = getattr(PHONEMES[phoneme.name].viseme, name)
            early = EARLY.get(name, 0.0)
            if wish and early:
                start, end = phoneme.start - early, phoneme.end + early
                part = curves[_step(start, steps) : _step(end, steps), column]
                np.maximum(part, wish, out=part)
            elif wish:
                curves[_step(phoneme.start, steps) : _step(phoneme.end, steps), column] = wish
    for column, name in enumerate(LIP_FACTORS):
        curves[:, column] = gaussian_filter1d(curves[:, column], SPREAD[name] * STEP_HZ)
    return curves


def lips_at_frames(curves: Array, fps: Fraction, num_frames: int) -> Array:
    """Return the lip factors (T, 6) at the moment of each frame: frame k is at k / fps seconds."""
    moments = np.arange(num_frames) * float(STEP_HZ / fps)
    steps = np.arange(len(curves))
    columns = [np.interp(moments, steps, curves[:, c]) for c in range(curves.shape[1])]
    return np.stack(columns, axis=1).astype(np.float32)


def _step(seconds: float, steps: int) -> int:
    return min(max(round(seconds * STEP_HZ), 0), steps)
