"""How frames and sound were stored before they came here: scores of lip sync depend on it."""

from typing import Protocol, runtime_checkable

from talkingface.clip import Frames, Speech

UNKNOWN = ""


@runtime_checkable
class Stored(Protocol):
    """Frames that know how they are stored."""

    @property
    def codec(self) -> str:
        """Such as h264, jpg or uncompressed."""
        ...


@runtime_checkable
class Sampled(Protocol):
    """Speech that knows its own rate."""

    @property
    def sample_rate_hz(self) -> int:
        """Samples a second, before anything is resampled."""
        ...


def codec_of(frames: Frames | None) -> str:
    """Return how frames are stored, or an empty text where nobody knows."""
    return frames.codec if isinstance(frames, Stored) else UNKNOWN


def sample_rate_of(speech: Speech | None) -> int:
    """Return the rate of a sound as it came, or 0 where nobody knows."""
    return speech.sample_rate_hz if isinstance(speech, Sampled) else 0
