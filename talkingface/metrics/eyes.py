"""How far the eyes are open (EAR, Soukupova and Cech 2016), and when they blink.

An eye counts as closed below 0.6 of what is wide open in its own clip: the 90th percentile of the
clip's openings. A fixed 0.2, as many papers have it, depends on the landmarks and the face.
"""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from talkingface.face.points import LEFT_EYE, RIGHT_EYE
from talkingface.metrics.base import Metric, Pair
from talkingface.metrics.landmark_distance import LandmarkMean, PerFrame, Points, landmarks_of

SHARE_OF_OPEN = 0.6
TOLERANCE_FRAMES = 3  # between the middles of a blink and of its like in the real clip

Run = tuple[int, int]  # first and last frame


def eye_aspect_ratio(points: Points) -> PerFrame:
    """Return the height of the eyes over their width in each frame, the mean of both eyes."""
    ratios = [_openness(points[:, eye]) for eye in (LEFT_EYE, RIGHT_EYE)]
    mean: PerFrame = np.mean(ratios, axis=0)
    return mean


def runs(is_true: NDArray[np.bool_]) -> list[Run]:
    """Return the runs of true values, first and last index of each.

    >>> runs(np.array([True, True, False, True]))
    [(0, 1), (3, 3)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], is_true, [False]]).astype(np.int8)))
    return [(int(start), int(stop) - 1) for start, stop in edges.reshape(-1, 2)]


def blinks(openings: PerFrame, threshold: float | None = None) -> list[Run]:
    """Return when the eyes are closed. Frames without a face (nan) are not closed.

    Args:
        openings: the aspect ratio in each frame (T,).
        threshold: below which an eye is closed; by default 0.6 of the 90th percentile.
    """
    if not np.isfinite(openings).any():
        return []
    if threshold is None:
        threshold = SHARE_OF_OPEN * float(np.nanpercentile(openings, 90))
    return runs(openings < threshold)


def blink_f1(generated: Sequence[Run], reference: Sequence[Run]) -> float:
    """Return the F1 score of blinks, matched in order of time; 1 where nobody blinks."""
    if not generated and not reference:
        return 1.0
    left_over = list(reference)
    num_matched = 0
    for blink in generated:
        near = [one for one in left_over if abs(sum(one) - sum(blink)) <= 2 * TOLERANCE_FRAMES]
        if near:
            left_over.remove(near[0])
            num_matched += 1
    return 2 * num_matched / (len(generated) + len(reference))


class EyeOpeningError(LandmarkMean):
    """Mean absolute difference of the eyes' openings."""

    compares = "blink"
    settings: ClassVar = {"opening": "height over width, mean of both eyes"}

    def of_points(self, generated: Points, reference: Points) -> PerFrame:
        """Return the difference in each frame."""
        return np.abs(eye_aspect_ratio(generated) - eye_aspect_ratio(reference))


class BlinkF1(Metric):
    """Whether the generated face blinks when the real one does.

    Keeps one number a frame: what is wide open is known at the end of the clip only.
    """

    compares = "blink"
    settings: ClassVar = {
        "closed_below": f"{SHARE_OF_OPEN} of the 90th percentile",
        "tolerance_frames": TOLERANCE_FRAMES,
    }
    bounds = (0.0, 1.0)

    def __init__(self) -> None:
        self._openings: list[NDArray[np.float64]] = []  # (T, 2): generated, reference
        self._fps = 25.0

    def update(self, pair: Pair) -> None:
        """Take in the next window."""
        self._fps = float(pair.clip.fps)
        self._openings.append(np.stack([eye_aspect_ratio(p) for p in landmarks_of(pair)], axis=1))

    def compute(self) -> float:
        """Return the F1 score; nan where either face was never found."""
        openings = self._track()
        if not np.isfinite(openings).any(axis=0).all():
            return float("nan")
        return blink_f1(*(blinks(column) for column in openings.T))

    def facts(self) -> dict[str, float]:
        """Return how many frames count, and how often each face blinks in a minute."""
        openings = self._track()
        found = int(np.isfinite(openings).all(axis=1).sum())
        minutes = max(len(openings), 1) / self._fps / 60
        ours, theirs = (len(blinks(column)) / minutes for column in openings.T)
        return {
            "num_frames": found,
            "num_missing": len(openings) - found,
            "blinks_per_minute": ours,
            "blinks_per_minute_of_real": theirs,
        }

    def _track(self) -> NDArray[np.float64]:
        return np.concatenate([np.empty((0, 2)), *self._openings])


def _openness(eye: Points) -> PerFrame:
    """Return the height of an eye over its width; six points (T, 6, 2) from its left corner."""

    def apart(first: int, second: int) -> PerFrame:
        distance: PerFrame = np.linalg.norm(eye[:, first] - eye[:, second], axis=-1)
        return distance

    return (apart(1, 5) + apart(2, 4)) / (2 * apart(0, 3))
