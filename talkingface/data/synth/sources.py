"""Frames and speech of SynthTalk clips: from the corpus's files, or rendered when asked for."""

import wave
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Picture, Waveform
from talkingface.data.synth.arrays import Array
from talkingface.data.synth.camera import CROP, Framing
from talkingface.data.synth.identity import Identity
from talkingface.data.synth.rendering import render_frames
from talkingface.data.synth.voice import SAMPLE_RATE_HZ
from talkingface.errors import DataError
from talkingface.media import SpeechArray


@dataclass(frozen=True)
class StoredFrames:
    """Frames in an array file. A part of them is read without reading the rest."""

    path: Path
    num_frames: int
    fps: Fraction
    framing: Framing = CROP
    codec: str = "uncompressed"

    def __len__(self) -> int:
        return self.num_frames

    def __iter__(self) -> Iterator[Picture]:
        return (np.array(picture) for picture in self._open())

    def read(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return pictures `start` to `stop` - 1, (T, H, W, 3)."""
        return np.array(self._open()[start:stop])

    def _open(self) -> NDArray[np.uint8]:
        try:
            frames: NDArray[np.uint8] = np.load(self.path, mmap_mode="r")
        except (OSError, ValueError) as error:
            raise DataError(
                f"{self.path} cannot be read as the frames of a SynthTalk clip ({error}). "
                "Remove the file; the corpus draws it again."
            ) from error
        return frames


@dataclass(frozen=True, eq=False)
class RenderedFrames:
    """Frames that are drawn when they are asked for, and kept nowhere."""

    identity: Identity
    factors: Array  # (T, F)
    size: int
    fps: Fraction = Fraction(25)
    framing: Framing = CROP

    def __len__(self) -> int:
        return len(self.factors)

    def __iter__(self) -> Iterator[Picture]:
        return render_frames(self.identity, self.factors, self.size, self.framing)

    def read(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return pictures `start` to `stop` - 1, (T, H, W, 3)."""
        part = self.factors[start:stop]
        pictures = list(render_frames(self.identity, part, self.size, self.framing))
        return np.stack(pictures) if pictures else self._none()

    def _none(self) -> NDArray[np.uint8]:
        return np.zeros((0, self.size, self.size, 3), dtype=np.uint8)


@dataclass(frozen=True)
class StoredSpeech:
    """Speech in a wav file of the corpus (16 bit, mono)."""

    path: Path
    seconds: float
    sample_rate_hz: int = SAMPLE_RATE_HZ

    def read(self, sample_rate_hz: int) -> Waveform:
        """Return the whole track, (L,) float32 in [-1, 1], at the rate that is asked for."""
        try:
            with wave.open(str(self.path), "rb") as file:
                samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
        except (OSError, EOFError, wave.Error) as error:
            raise DataError(
                f"{self.path} cannot be read as the sound of a SynthTalk clip ({error}). "
                "Remove the file; the corpus makes it again."
            ) from error
        waveform = np.asarray(samples / np.float32(32768), dtype=np.float32)
        return SpeechArray(waveform, self.sample_rate_hz).read(sample_rate_hz)
