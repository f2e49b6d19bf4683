"""Which frames are spoken and which are silent, from the seconds in which someone speaks."""

import numpy as np
from numpy.typing import NDArray

from talkingface.metrics.eyes import runs

SHORTEST_SILENCE_SECONDS = 0.3


def spoken_frames(segments: NDArray[np.float64], fps: float, num_frames: int) -> NDArray[np.bool_]:
    """Return in which frames someone speaks, given the seconds of each start and end (N, 2)."""
    spoken = np.zeros(num_frames, np.bool_)
    for start, end in segments:
        spoken[int(start * fps) : int(end * fps) + 1] = True  # both ends belong to it
    return spoken


def silent_frames(segments: NDArray[np.float64], fps: float, num_frames: int) -> NDArray[np.bool_]:
    """Return in which frames nobody speaks, short pauses left out.

    >>> silent_frames(np.array([[0.4, 9.0]]), 25.0, 50).nonzero()[0].tolist()
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    """
    silent = ~spoken_frames(segments, fps, num_frames)
    for first, last in runs(silent):
        if last - first + 1 < SHORTEST_SILENCE_SECONDS * fps:
            silent[first : last + 1] = False
    return silent
