"""Speech as real microphones hear it: room, band, noise, level. Times stay what they are."""

from dataclasses import dataclass

import numpy as np

from talkingface.clip import Waveform
from talkingface.data.synth.voice import SAMPLE_RATE_HZ


@dataclass(frozen=True)
class Microphone:
    """How a recording differs from the voice."""

    signal_to_noise_db: float = 60.0
    noise_tilt: float = 0.0  # 0 white, 1 pink, 2 brown
    reverb_seconds: float = 0.0  # until the room is 60 dB quieter
    reverb_level: float = 0.0  # energy of the room against that of the direct sound
    band_hz: tuple[float, float] = (20.0, 7900.0)
    level_db: float = 0.0


def microphone_of(rng: np.random.Generator) -> Microphone:
    """Draw a microphone: from a good one near the mouth to a telephone in a kitchen."""
    narrow = rng.random() < 0.15
    reverberant = rng.random() < 0.5
    return Microphone(
        signal_to_noise_db=float(rng.uniform(12, 50)),
        noise_tilt=float(rng.uniform(0, 2)),
        reverb_seconds=float(rng.uniform(0.1, 0.7)) if reverberant else 0.0,
        reverb_level=float(rng.uniform(0.02, 0.5)) if reverberant else 0.0,
        band_hz=(300.0, 3400.0) if narrow else (float(rng.uniform(20, 120)), 7900.0),
        level_db=float(rng.uniform(-18, 0)),
    )


def heard(voice: Waveform, microphone: Microphone, rng: np.random.Generator) -> Waveform:
    """Return the voice (L,), 16 kHz, as the microphone hears it, as long and in the same time.

    The direct sound is not delayed: the filters' delay is below a millisecond above 300 Hz.
    """
    from scipy.signal import butter, sosfilt

    sound = voice.astype(np.float64)
    if microphone.reverb_seconds > 0:
        sound = sound + _room(sound, microphone, rng)
    band = butter(2, microphone.band_hz, "bandpass", fs=SAMPLE_RATE_HZ, output="sos")
    sound = sosfilt(band, sound)
    power = float(np.mean(sound**2))
    noise = _noise(len(sound), microphone.noise_tilt, rng)
    sound = sound + noise * np.sqrt(power / 10 ** (microphone.signal_to_noise_db / 10))
    loudest = max(float(np.abs(sound).max()), 1e-6)
    sound = sound * 10 ** (microphone.level_db / 20) * min(1.0, 0.98 / loudest)
    return np.asarray(sound, dtype=np.float32)


def _room(
    sound: np.ndarray[tuple[int], np.dtype[np.float64]],
    microphone: Microphone,
    rng: np.random.Generator,
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the echo of a room: noise that dies away, from 4 ms after the direct sound on."""
    from scipy.signal import fftconvolve

    length = int(microphone.reverb_seconds * SAMPLE_RATE_HZ)
    decay = 10 ** (-3 * np.arange(length) / length)
    response = rng.normal(0, 1, length) * decay
    response[: int(0.004 * SAMPLE_RATE_HZ)] = 0
    response *= np.sqrt(microphone.reverb_level / np.sum(response**2))
    return np.asarray(fftconvolve(sound, response)[: len(sound)])


def _noise(
    length: int, tilt: float, rng: np.random.Generator
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return noise of power 1 whose power falls by the frequency to the power of `tilt`."""
    spectrum = np.fft.rfft(rng.normal(0, 1, length))
    frequency = np.maximum(np.fft.rfftfreq(length, 1 / SAMPLE_RATE_HZ), 40)
    noise = np.fft.irfft(spectrum * frequency ** (-tilt / 2), length)
    return np.asarray(noise / np.sqrt(np.mean(noise**2)))
