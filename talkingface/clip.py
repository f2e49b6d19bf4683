"""A clip: one person talking, as frames, sound and what is known of both.

A clip is lazy. It holds *sources*, small objects that know how to get pictures or sound when they
are asked; nothing is decoded before. Files are sources (`media`), so are rendered heads (`data`)
and generated ones (`engine`), and a test makes one from an array (`FrameArray`, `SpeechArray`).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]  # (H, W, 3) RGB
Waveform = NDArray[np.float32]  # (L,) mono in [-1, 1]


class Frames(Protocol):
    """Pictures in time at a constant rate."""

    @property
    def fps(self) -> Fraction:
        """Pictures a second."""
        ...

    def __len__(self) -> int:
        """Return the number of pictures."""
        ...

    def __iter__(self) -> Iterator[Picture]:
        """Yield every picture in order, (H, W, 3) uint8 RGB, holding few at a time."""
        ...

    def read(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return pictures `start` to `stop` - 1 as one array (T, H, W, 3)."""
        ...


class Speech(Protocol):
    """One mono track."""

    @property
    def seconds(self) -> float:
        """Length of the track."""
        ...

    def read(self, sample_rate_hz: int) -> Waveform:
        """Return the whole track, (L,) float32 in [-1, 1], at the rate that is asked for."""
        ...


@dataclass(frozen=True)
class FrameArray:
    """Frames that are in memory already."""

    pictures: NDArray[np.uint8]  # (T, H, W, 3) RGB
    fps: Fraction = Fraction(25)

    def __len__(self) -> int:
        return len(self.pictures)

    def __iter__(self) -> Iterator[Picture]:
        return iter(self.pictures)

    def read(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return pictures `start` to `stop` - 1, (T, H, W, 3)."""
        return self.pictures[start:stop]


@dataclass(frozen=True)
class Clip:
    """Frames, speech and what is known of one person talking.

    `known` maps the name of a truth (``landmarks``, ``pose``, ``factors``...) to a function that
    loads it, one row a frame. Ask for it through `truth`, which loads it once it is needed.

    `sources` are other pictures that belong to the clip, by what they are for: ``reference`` for
    portraits of the person, the name of a control (``pose``, ``blink``...) for who drives it.
    """

    name: str
    frames: Frames | None = None
    speech: Speech | None = None
    identity: str = ""
    known: Mapping[str, Callable[[], NDArray[np.float32]]] = field(default_factory=dict)
    sources: Mapping[str, Frames] = field(default_factory=dict)

    def truth(self, name: str) -> NDArray[np.float32] | None:
        """Return the named truth, (T, ...), or None where this clip does not know it."""
        load = self.known.get(name)
        return None if load is None else load()
