"""A portrait that speaks while the speech is still coming, as Python sees it."""

from collections.abc import Iterator
from contextlib import ExitStack
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from talkingface.api.material import waveform_of
from talkingface.engine.streaming import FrameStream, StreamedFrame
from talkingface.engine.streaming_sound import FRAMES_A_SECOND
from talkingface.errors import UsageError

LOWEST_RATE_HZ = 4_000  # of a telephone, halved


class Stream:
    """Sound goes in, frames come out, each with its own piece of the sound.

    `push` and `flush` return an iterator over all frames that can be drawn by then; the network
    works when a frame is asked of it, and what is left is given by the next one. Sound may be
    pushed and the stream interrupted by other threads than the one that takes the frames.

    Attributes:
        sample_rate_hz: of the sound that is pushed.
        fps: frames a second.
        look_ahead_seconds: how much sound must follow a frame's own before the frame can be drawn.
            The rest of the delay is the time of the network.
    """

    def __init__(self, frames: FrameStream, open_drivers: ExitStack) -> None:
        self.sample_rate_hz = frames.sample_rate_hz
        self.fps = FRAMES_A_SECOND
        self.look_ahead_seconds = frames.look_ahead_seconds
        self._frames, self._open_drivers = frames, open_drivers
        self._is_closed = False

    def push(self, samples: NDArray[np.generic]) -> Iterator[StreamedFrame]:
        """Take in sound and return the frames that can be drawn.

        Args:
            samples: what comes next, as much as there is: mono (L,), numbers in [-1, 1] or int16.

        Raises:
            DataError: It is no such sound.
            UsageError: The stream is closed.
        """
        self._refuse_if_closed()
        self._frames.push(waveform_of(samples))
        return self._frames.frames()

    def flush(self) -> Iterator[StreamedFrame]:
        """Let the speech be over, and return its last frames. What is pushed then is another one.

        Its last frame has silence after what is left of the sound.

        Raises:
            UsageError: The stream is closed.
        """
        self._refuse_if_closed()
        self._frames.end()
        return self._frames.frames()

    def interrupt(self) -> None:
        """Drop all that was pushed and not yet given: from now on no frame of it comes.

        It waits for nothing. A portion that is being drawn is finished and thrown away.
        """
        self._frames.interrupt()

    def close(self) -> None:
        """Drop what is left, and let go of the drivers' files."""
        self._is_closed = True
        self._frames.close()
        self._open_drivers.close()

    def __enter__(self) -> "Stream":
        """Return the stream, which is closed at the end of a ``with``."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the stream."""
        self.close()

    def _refuse_if_closed(self) -> None:
        if self._is_closed:
            raise UsageError("This stream is closed. Open another one with animator.stream(...).")


def check_rate(sample_rate_hz: int) -> None:
    """Refuse what is no sample rate.

    Raises:
        UsageError: It says what to give.
    """
    if sample_rate_hz < LOWEST_RATE_HZ:
        raise UsageError(
            f"sample_rate_hz={sample_rate_hz} is no rate of speech. Give the samples a second of "
            f"what you push: {LOWEST_RATE_HZ} or more."
        )
