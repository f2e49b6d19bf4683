"""Frames and speech cut or stretched to a length: a part of them, or more by going on and on."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Frames, Picture, Speech, Waveform
from talkingface.media.coding import codec_of, sample_rate_of

FRAMES_AT_ONCE = 16


@dataclass(frozen=True)
class FramesPart:
    """The frames from one on, as many as are wanted, as lazily as the frames themselves."""

    frames: Frames
    start: int
    num_frames: int

    @property
    def fps(self) -> Fraction:
        """Pictures a second."""
        return self.frames.fps

    @property
    def codec(self) -> str:
        """How the frames are stored."""
        return codec_of(self.frames)

    def __len__(self) -> int:
        return max(0, min(self.num_frames, len(self.frames) - self.start))

    def __iter__(self) -> Iterator[Picture]:
        return islice(iter(self.frames), self.start, self.start + self.num_frames)

    def read(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return pictures `start` to `stop` - 1, (T, H, W, 3)."""
        return self.frames.read(self.start + start, self.start + min(stop, len(self)))


@dataclass(frozen=True)
class LastingFrames:
    """Frames to their end and back, over and over, until there are enough."""

    frames: Frames
    num_frames: int

    @property
    def fps(self) -> Fraction:
        """Pictures a second."""
        return self.frames.fps

    def __len__(self) -> int:
        return self.num_frames

    def __iter__(self) -> Iterator[Picture]:
        for start in range(0, self.num_frames, FRAMES_AT_ONCE):
            yield from self.read(start, start + FRAMES_AT_ONCE)

    def read(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return pictures `start` to `stop` - 1, (T, H, W, 3)."""
        length, stop = len(self.frames), min(stop, self.num_frames)
        pieces = []
        while start < stop:
            turn, place = divmod(start, length)
            count = min(stop - start, length - place)
            if turn % 2 == 0:
                pieces.append(self.frames.read(place, place + count))
            else:
                pieces.append(self.frames.read(length - place - count, length - place)[::-1])
            start += count
        return np.concatenate(pieces) if pieces else self.frames.read(0, 0)


@dataclass(frozen=True)
class SpeechPart:
    """The speech from one second on, as long as is wanted; over and over where it is shorter."""

    speech: Speech
    start_seconds: float
    seconds: float

    @property
    def sample_rate_hz(self) -> int:
        """Samples a second of the speech itself."""
        return sample_rate_of(self.speech)

    def read(self, sample_rate_hz: int) -> Waveform:
        """Return the part, (L,) float32 in [-1, 1], at the rate that is asked for."""
        first = round(self.start_seconds * sample_rate_hz)
        heard = self.speech.read(sample_rate_hz)[first:]
        wanted = round(self.seconds * sample_rate_hz)
        return np.resize(heard, wanted) if len(heard) else np.zeros(wanted, np.float32)
