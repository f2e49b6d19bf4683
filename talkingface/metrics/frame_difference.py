"""How steadily the picture changes from frame to frame, in grey levels of 0..255.

A frozen video has no flicker, so these stand beside landmark velocity and lip sync.
"""

from abc import abstractmethod
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from talkingface.metrics.base import FrameMean, Pair, Pictures, Tail

PerFrame = NDArray[np.float64]  # (T - 1,)


def flicker(frames: Pictures) -> PerFrame:
    """Return the mean absolute change of frames (T, H, W, 3) from one to the next, (T - 1,)."""
    return _mean_absolute(_changes(frames))


def difference_error(generated: Pictures, reference: Pictures) -> PerFrame:
    """Return how far the changes of frames are from those of the real ones, (T - 1,)."""
    return _mean_absolute(_changes(generated) - _changes(reference))


class FrameChange(FrameMean):
    """A score of neighbouring frames, which may lie in different windows."""

    bounds = (0.0, 255.0)
    settings: ClassVar = {"colour": "RGB"}

    def __init__(self) -> None:
        super().__init__()
        self._generated, self._reference = Tail(1), Tail(1)

    def of_frames(self, pair: Pair) -> PerFrame:
        """Return the score of each change that ends in this window."""
        return self.of_track(
            self._generated.joined(pair.generated.frames).astype(np.uint8, copy=False),
            self._reference.joined(pair.reference.frames).astype(np.uint8, copy=False),
        )

    @abstractmethod
    def of_track(self, generated: Pictures, reference: Pictures) -> PerFrame:
        """Return the score of each change in consecutive frames."""


class DifferenceError(FrameChange):
    """Mean absolute error of the changes."""

    bounds = (0.0, 510.0)

    def of_track(self, generated: Pictures, reference: Pictures) -> PerFrame:
        """Return the error of each change."""
        return difference_error(generated, reference)


class Flicker(FrameChange):
    """Mean absolute change of the generated frames, the real ones' beside it."""

    compares = "nothing"

    def __init__(self) -> None:
        super().__init__()
        self._sum_of_real = 0.0

    def of_track(self, generated: Pictures, reference: Pictures) -> PerFrame:
        """Return each change of the generated frames."""
        self._sum_of_real += float(flicker(reference).sum())
        return flicker(generated)

    def facts(self) -> dict[str, float]:
        """Return the counts, and the flicker of the real frames."""
        real = self._sum_of_real / self._count if self._count else float("nan")
        return {**super().facts(), "of_real": real}


def _changes(frames: Pictures) -> NDArray[np.int16]:
    levels = frames.astype(np.int16)
    return levels[1:] - levels[:-1]


def _mean_absolute(changes: NDArray[np.int16]) -> PerFrame:
    mean: PerFrame = np.abs(changes).mean(axis=(1, 2, 3), dtype=np.float64)
    return mean
