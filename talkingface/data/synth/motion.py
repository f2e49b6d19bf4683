"""How heads move by themselves: turns, nods, blinks, glances, moods. One draw for each clip."""

from fractions import Fraction

import numpy as np
from scipy.ndimage import gaussian_filter1d

from talkingface.clip import Waveform
from talkingface.data.synth.arrays import Array
from talkingface.data.synth.factors import EMOTIONS, FACTOR_INDEX, neutral_factors

# Spread, greatest value (degrees) and how much of the spread is the clip's own bias.
TURNS = {"yaw": (15.0, 32.0, 0.5), "pitch": (6.0, 18.0, 0.4), "roll": (5.0, 14.0, 0.4)}
SLOWNESS_SECONDS = 0.36
BLINK = (0.35, 0.95, 1.0, 0.7, 0.25)  # how far closed, frame by frame at 25 fps
NOD_DEGREES = 2.5


def natural_motion(rng: np.random.Generator, fps: Fraction, loudness: Array) -> tuple[Array, str]:
    """Return factors (T, F) of everything but the lips, and the name of the clip's emotion.

    `loudness` (T,), 0 to 1, moves head and brows a little; all else is independent of the speech.
    """
    factors = neutral_factors(len(loudness))

    def put(name: str, values: Array) -> None:
        factors[:, FACTOR_INDEX[name]] = values

    slow = SLOWNESS_SECONDS * float(fps)
    accents = _accents(loudness, float(fps))
    for name, (spread, limit, bias) in TURNS.items():
        moving = _wander(rng, len(loudness), slow) * spread * (1 - bias)
        degrees = rng.normal(0, spread * bias * 1.4) + moving
        degrees = degrees + (NOD_DEGREES * accents if name == "pitch" else 0)
        put(name, np.radians(limit * np.tanh(degrees / limit)))
    put("shift_x", 0.012 * _wander(rng, len(loudness), slow))
    put("shift_y", 0.012 * _wander(rng, len(loudness), slow))
    put("blink", _blinks(rng, len(loudness), float(fps)))
    gaze = _glances(rng, len(loudness), float(fps))
    put("gaze_x", gaze[:, 0])
    put("gaze_y", gaze[:, 1])
    put("brow", np.clip(0.25 * _wander(rng, len(loudness), slow) + 0.3 * accents, -0.6, 1))
    emotion = EMOTIONS[rng.integers(len(EMOTIONS))]
    if emotion != "neutral":
        strength = rng.uniform(0.35, 1.0) + 0.12 * _wander(rng, len(loudness), 2 * slow)
        put(emotion, np.clip(strength, 0, 1))
    return factors, emotion


def loudness_of(waveform: Waveform, sample_rate_hz: int, fps: Fraction, num_frames: int) -> Array:
    """Return the loudness (T,) round each frame: 0 silent, 1 the loudest of the clip."""
    step = sample_rate_hz / float(fps)
    energy = np.concatenate(([0.0], np.cumsum(waveform.astype(np.float64) ** 2)))
    begin = ((np.arange(num_frames) - 1) * step).clip(0, len(waveform)).astype(int)
    end = ((np.arange(num_frames) + 1) * step).clip(0, len(waveform)).astype(int)
    level = np.sqrt((energy[end] - energy[begin]) / np.maximum(end - begin, 1))
    return np.asarray(level / max(float(level.max()), 1e-6))


def _wander(rng: np.random.Generator, length: int, slow: float) -> Array:
    """Return smooth noise (T,) of spread 1, as if cut from an endless one."""
    margin = int(4 * slow)
    noise = gaussian_filter1d(rng.normal(0, 1, length + 2 * margin), slow)
    # A Gaussian filter leaves 1 / (2 sqrt(pi) sigma) of the variance of white noise.
    return np.asarray(noise[margin : margin + length] * np.sqrt(2 * np.sqrt(np.pi) * slow))


def _accents(loudness: Array, fps: float) -> Array:
    """Return where the voice swells (T,): loudness above its own slow course."""
    quick = gaussian_filter1d(loudness, 0.06 * fps, mode="nearest")
    slow = gaussian_filter1d(loudness, 0.4 * fps, mode="nearest")
    return np.asarray(np.clip(2 * (quick - slow), 0, 1))


def _blinks(rng: np.random.Generator, length: int, fps: float) -> Array:
    closed = np.zeros(length + len(BLINK))
    frame = int(rng.uniform(-0.5, 2.2) * fps)
    while frame < length:
        for offset, share in enumerate(BLINK):
            if 0 <= frame + offset < length:
                closed[frame + offset] = max(closed[frame + offset], share)
        frame += int(rng.uniform(1.1, 3.6) * fps)
    return closed[:length]


def _glances(rng: np.random.Generator, length: int, fps: float) -> Array:
    """Return gaze (T, 2): it rests, then jumps within a frame; often back to the camera."""
    gaze = np.zeros((length, 2))
    frame = 0
    while frame < length:
        aim = np.zeros(2) if rng.random() < 0.35 else rng.uniform((-1, -0.8), (1, 0.8))
        rest = max(int(rng.uniform(0.25, 1.6) * fps), 2)
        gaze[frame : frame + rest] = aim
        frame += rest
    return np.clip(gaze + rng.normal(0, 0.015, gaze.shape), -1, 1)
