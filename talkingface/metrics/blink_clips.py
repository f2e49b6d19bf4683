"""Clips of six frames around blinks, as the survey of Chen et al. (2020) cuts them.

Their blink classifier is not published; what it was fed with is. Thresholds are pixels of a frame
of 256 px.
"""

from collections.abc import Iterable

import numpy as np

from talkingface.metrics.eyes import Run, runs
from talkingface.metrics.landmark_distance import PerFrame, Points

OPEN_PX = 18.0
CLIP_FRAMES = 6
FRAMES_BEFORE = 2
LIDS = ((37, 41), (38, 40), (43, 47), (44, 46))


def open_rate(points: Points) -> PerFrame:
    """Return the sum of the four distances between the lids in each frame of (T, 68, 2)."""
    rate: PerFrame = sum(
        np.linalg.norm(points[:, upper] - points[:, lower], axis=-1) for upper, lower in LIDS
    )
    return rate


def blink_clips(points: Points) -> list[Run]:
    """Return first and last frame of the clips around the start and the end of each blink.

    Blinks of one frame are left out. Those of equal length stand together, as the survey has them.
    """
    num_frames = len(points)
    closed = [run for run in runs(open_rate(points) <= OPEN_PX) if run[0] < run[1]]
    centres: list[int] = []
    for first, last in _by_length(closed):
        centres.append(first)
        if last > max(first + 1, CLIP_FRAMES):
            centres.append(last)
    starts = [max(0, min(centre - FRAMES_BEFORE, num_frames - CLIP_FRAMES)) for centre in centres]
    return [(start, start + CLIP_FRAMES - 1) for start in starts]


def _by_length(closed: Iterable[Run]) -> list[Run]:
    groups: dict[int, list[Run]] = {}
    for first, last in closed:
        groups.setdefault(last - first, []).append((first, last))
    return [run for group in groups.values() for run in group]
