"""Sound cut into overlapping frames, and long sound worked through a block at a time."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE_HZ = 16_000
HOP_SAMPLES = 160  # 10 ms: every method here hears a hundred rows a second
BLOCK_FRAMES = 1024  # 10 s at once, some 10 MB of spectrum

Samples = NDArray[np.float64]  # sound, or what is computed from it, at full precision


def overlapping_frames(samples: Samples, length: int, hop: int) -> Samples:
    """Return every whole frame of `samples` (L,) as a read-only view (M, length)."""
    return np.lib.stride_tricks.sliding_window_view(samples, length)[::hop]


def in_blocks(frames: Samples, transform: Callable[[Samples], Samples]) -> Samples:
    """Apply `transform` to `frames` (M, length) a block at a time and return all rows (M, D).

    An hour of sound overlaps itself eightfold; done at once, its spectrum would fill gigabytes.
    """
    starts = range(0, len(frames), BLOCK_FRAMES)
    return np.concatenate([transform(frames[start : start + BLOCK_FRAMES]) for start in starts])
