"""The sound of a stream: what a method hears of it, and the piece of it that each frame has.

Frames are counted from where the stream began, and frame n begins with sample n * rate / 25,
rounded down: whatever the rate, sound and pictures are together after hours as they were at first.
"""

from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Waveform
from talkingface.media.features.framing import HOP_SAMPLES, SAMPLE_RATE_HZ
from talkingface.media.features.passage import Passage
from talkingface.media.features.windows import SAMPLES_PER_FRAME
from talkingface.media.resample import Resampler
from talkingface.models.base import LiveFace

Number = TypeVar("Number", np.float32, np.float64)

FRAMES_A_SECOND = SAMPLE_RATE_HZ // SAMPLES_PER_FRAME  # of every method that streams


class IncomingSpeech:
    """One speech of a stream: from its first sample until it is ended.

    Args:
        face: who hears it.
        sample_rate_hz: of the sound that comes.
        first: which frame of the stream it begins with.
    """

    def __init__(self, face: LiveFace, sample_rate_hz: int, first: int) -> None:
        self.first = first
        self.is_ended = False
        self._face, self._rate_hz = face, sample_rate_hz
        self._resampler = Resampler(sample_rate_hz, SAMPLE_RATE_HZ)
        self._said = Track(np.float32)  # as it came
        self._heard = Track(np.float64)  # as networks have it
        self._waiting = np.empty(0, np.float32)  # at 16 kHz, less than a block
        self._next = 0  # frame that is drawn next

    def add(self, samples: Waveform) -> None:
        """Take in what comes next, (L,) in [-1, 1]."""
        self._said.add(samples)
        self._hear(self._resampler.push(samples), is_last=False)

    def end(self) -> None:
        """Let nothing more come."""
        if not self.is_ended:
            self._hear(self._resampler.finish(), is_last=True)
            self.is_ended = True

    @property
    def num_frames(self) -> int:
        """How many frames it has once it is ended; the last may have less sound than silence."""
        return -(-self._said.stop * FRAMES_A_SECOND // self._rate_hz)

    @property
    def ready(self) -> range:
        """Which frames can be drawn."""
        if self.is_ended:
            return range(self._next, self.num_frames)
        stop = 1 + (self._heard.stop - self._face.heard_after) // SAMPLES_PER_FRAME
        return range(self._next, max(self._next, stop))

    @property
    def is_drawn(self) -> bool:
        """Whether it has ended and has no more frames."""
        return self.is_ended and self._next >= self.num_frames

    def passage(self) -> Passage:
        """Return what is known of it that frames to come hear."""
        length = self._heard.stop if self.is_ended else None
        return Passage(self._heard.samples, self._heard.start, length)

    def sound(self, frame: int) -> Waveform:
        """Return the piece of sound of a frame as it came, filled with silence at the end."""
        start, stop = self._border(frame), self._border(frame + 1)
        piece = self._said.samples[start - self._said.start : stop - self._said.start]
        return np.pad(piece, (0, stop - start - len(piece)))

    def pass_over(self, num_frames: int) -> None:
        """Forget the sound of the frames that come next; they are drawn."""
        self._next += num_frames
        self._said.forget(self._border(self._next))
        self._heard.forget(self._next * SAMPLES_PER_FRAME - self._face.heard_before)

    def _border(self, frame: int) -> int:
        """Return the sample of the speech with which a frame begins."""
        in_stream = (self.first + frame) * self._rate_hz // FRAMES_A_SECOND
        return in_stream - self.first * self._rate_hz // FRAMES_A_SECOND

    def _hear(self, samples: Waveform, *, is_last: bool) -> None:
        """Let the face hear whole blocks, and in the end what is left."""
        waiting = np.concatenate([self._waiting, samples])
        length = len(waiting) if is_last else len(waiting) // HOP_SAMPLES * HOP_SAMPLES
        self._heard.add(self._face.hear(waiting[:length]))
        self._waiting = waiting[length:]


class Track(Generic[Number]):
    """Samples that come piece by piece and are forgotten from the front."""

    def __init__(self, kind: type[Number]) -> None:
        self._pieces: list[NDArray[Number]] = [np.empty(0, kind)]
        self.start = 0  # place of the first sample that is remembered
        self.stop = 0  # and of the first that has not come yet

    def add(self, samples: NDArray[Number]) -> None:
        """Take in what comes next, (L,)."""
        self._pieces.append(samples)
        self.stop += len(samples)

    @property
    def samples(self) -> NDArray[Number]:
        """All that is remembered, (L,)."""
        if len(self._pieces) > 1:
            self._pieces = [np.concatenate(self._pieces)]
        return self._pieces[0]

    def forget(self, before: int) -> None:
        """Forget what lies before a place."""
        if self.start < before:
            self._pieces = [self.samples[before - self.start :].copy()]
            self.start = min(before, self.stop)
