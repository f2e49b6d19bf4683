"""The formant voice: a source (pulses, breath) through a tract (resonances), in plain NumPy.

Everything happens on frames of 5 ms: a source spectrum is multiplied by the envelope of the sound
that is due and added up again. So the sound of a phoneme is where its times say.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from talkingface.clip import Waveform
from talkingface.data.synth.arrays import Array
from talkingface.data.synth.identity import person
from talkingface.data.synth.phonemes import PHONEMES, SILENCE, TimedPhoneme

Spectra = NDArray[np.complex128]  # (frames, bins)

SAMPLE_RATE_HZ = 16000
HOP = 80  # samples, 5 ms
WINDOW = 512
GLIDE_SECONDS = 0.018  # how slowly formants move from one sound to the next
BANDWIDTHS_HZ = (70.0, 100.0, 150.0, 220.0, 300.0)


@dataclass(frozen=True)
class Speaker:
    """A voice."""

    pitch_hz: float
    liveliness: float  # how far the pitch moves, in octaves
    tract: float  # factor on all formants: below 1 a long tract
    tilt_db: float  # fall of the spectrum per octave above 500 Hz
    breath: float  # level of breath in voiced sounds
    noise_floor_db: float


def speaker_of(number: int) -> Speaker:
    """Return the voice that goes with the person of this number."""
    rng = np.random.default_rng([0xF01CE, number])
    masculine = person(number).shape.masculine
    low, high = (88, 140) if masculine > 0.5 else (165, 240)
    tract = 1.12 - 0.17 * masculine + 0.05 * float(np.clip(rng.normal(), -2, 2))
    return Speaker(
        pitch_hz=float(rng.uniform(low, high)),
        liveliness=float(rng.uniform(0.12, 0.35)),
        tract=tract,
        tilt_db=float(rng.uniform(3, 8)),
        breath=float(rng.uniform(0.02, 0.12)),
        noise_floor_db=float(rng.uniform(-72, -52)),
    )


def speak(
    phonemes: Sequence[TimedPhoneme], speaker: Speaker, seconds: float, seed: int
) -> Waveform:
    """Return the phonemes spoken (L,), 16 kHz, at most 0.9 loud."""
    rng = np.random.default_rng([0x50FD, seed])
    num_samples = round(seconds * SAMPLE_RATE_HZ)
    num_frames = num_samples // HOP + 1
    controls = _controls(phonemes, num_frames)
    pulses = _pulses(speaker, num_samples, rng)
    breath = rng.normal(0, 1, num_samples)
    frequency = np.fft.rfftfreq(WINDOW, 1 / SAMPLE_RATE_HZ)
    tract = _tract_envelope(controls["formants"] * speaker.tract, speaker, frequency)
    friction = _friction_envelope(controls, frequency)
    voiced = _spectra(pulses, num_frames) * controls["voicing"][:, None]
    rough = _spectra(breath, num_frames)
    breathy = speaker.breath * controls["voicing"] + 0.6 * controls["breath"]
    spectra = tract * (voiced + 0.06 * breathy[:, None] * rough) + friction * rough
    sound = _added_up(spectra, num_samples)
    sound = 0.9 * sound / max(float(np.abs(sound).max()), 1e-6)
    floor = 10 ** (speaker.noise_floor_db / 20) * rng.normal(0, 1, num_samples)
    return np.clip(sound * rng.uniform(0.5, 1.0) + floor, -1, 1).astype(np.float32)


def _controls(phonemes: Sequence[TimedPhoneme], num_frames: int) -> dict[str, Array]:
    """Return what source and tract do in each frame of 5 ms."""
    time = np.arange(num_frames) * HOP / SAMPLE_RATE_HZ
    formants = np.full((num_frames, 3), np.nan)
    voicing, noise, breath = np.zeros((3, num_frames))
    noise_hz = np.tile((3000.0, 1500.0), (num_frames, 1))
    for phoneme in phonemes:
        sound = PHONEMES[phoneme.name]
        heard = (time >= phoneme.start) & (time < phoneme.end)
        if phoneme.name != SILENCE:
            formants[heard] = sound.formants_hz
        burst = phoneme.start + sound.closed_share * (phoneme.end - phoneme.start)
        released = heard & (time >= burst)
        voicing[heard] = sound.voicing * (0.35 if sound.closed_share else 1.0)
        noise[released] = sound.noise
        noise_hz[heard] = sound.noise_hz if sound.noise else (3000.0, 1500.0)
        breath[released] = 0.5 if phoneme.name == "h" or sound.closed_share else 0.0
    glide = GLIDE_SECONDS * SAMPLE_RATE_HZ / HOP
    return {
        "formants": gaussian_filter1d(_filled(formants), glide, axis=0),
        "voicing": gaussian_filter1d(voicing, 0.012 * SAMPLE_RATE_HZ / HOP),
        "noise": gaussian_filter1d(noise, 0.6),
        "noise_hz": noise_hz,
        "breath": gaussian_filter1d(breath, 1.0),
    }


def _filled(formants: Array) -> Array:
    """Return formants (frames, 3) with silences bridged from sound to sound."""
    known = ~np.isnan(formants[:, 0])
    if not known.any():
        return np.tile((500.0, 1500.0, 2500.0), (len(formants), 1))
    index = np.arange(len(formants))
    columns = [np.interp(index, index[known], formants[known, c]) for c in range(3)]
    return np.stack(columns, axis=1)


def _pulses(speaker: Speaker, num_samples: int, rng: np.random.Generator) -> Array:
    """Return the pulses of the vocal cords (L,): one a period, placed between samples."""
    drift = gaussian_filter1d(rng.normal(0, 1, num_samples // HOP + 1), 24, mode="nearest")
    drift = drift / max(float(drift.std()), 1e-6)
    octaves = 0.5 * speaker.liveliness * drift - 0.12 * np.linspace(0, 1, len(drift))
    pitch = speaker.pitch_hz * 2**octaves * (1 + 0.01 * rng.normal(0, 1, len(drift)))
    per_sample = np.repeat(pitch, HOP)[:num_samples] / SAMPLE_RATE_HZ
    phase = np.cumsum(per_sample)
    whole = np.floor(phase)
    at = np.flatnonzero(np.diff(whole, prepend=0.0) > 0)
    late = (phase[at] - whole[at]) / per_sample[at]  # samples since the true moment
    pulses = np.zeros(num_samples + 1)
    strength = np.sqrt(1 / per_sample[at])
    np.add.at(pulses, at, strength * (1 - late))
    np.add.at(pulses, np.maximum(at - 1, 0), strength * late)
    return pulses[:num_samples]


def _tract_envelope(formants: Array, speaker: Speaker, frequency: Array) -> Array:
    """Return the gain (frames, bins) of five resonances in series, with the voice's tilt."""
    higher = np.array([3500.0, 4500.0]) * speaker.tract
    every = np.concatenate((formants, np.tile(higher, (len(formants), 1))), axis=1)
    square = frequency[None, :] ** 2
    gain = np.ones((len(formants), len(frequency)))
    for column, width in enumerate(BANDWIDTHS_HZ):
        centre = every[:, column, None] ** 2
        gain *= centre / np.sqrt((centre - square) ** 2 + width**2 * square)
    octaves = np.log2(np.maximum(frequency, 500) / 500)
    return gain * 10 ** (-speaker.tilt_db * octaves / 20)


def _friction_envelope(controls: dict[str, Array], frequency: Array) -> Array:
    centre, width = controls["noise_hz"][:, :1], controls["noise_hz"][:, 1:]
    shape = np.exp(-0.5 * ((frequency[None, :] - centre) / np.maximum(width, 1)) ** 2)
    return np.asarray(controls["noise"][:, None] * shape)


def _spectra(sound: Array, num_frames: int) -> Spectra:
    padded = np.pad(sound, WINDOW)
    starts = np.arange(num_frames) * HOP + WINDOW // 2
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[starts]
    return np.fft.rfft(frames * np.hanning(WINDOW), axis=1)


def _added_up(spectra: Spectra, num_samples: int) -> Array:
    frames = np.fft.irfft(spectra, WINDOW, axis=1)
    sound = np.zeros(len(frames) * HOP + 2 * WINDOW)
    for offset in range(0, WINDOW, HOP):  # pieces of one hop lie side by side
        piece = np.zeros((len(frames), HOP))
        part = frames[:, offset : offset + HOP]
        piece[:, : part.shape[1]] = part
        sound[offset : offset + piece.size] += piece.ravel()
    return sound[WINDOW // 2 : WINDOW // 2 + num_samples]
