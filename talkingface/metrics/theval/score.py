"""THEval's score: how near a method's raw values are to those of real videos.

``1 - |M - G| / |G|`` for each measure, M and G the means over all videos: better than real costs as
much as worse, and nothing is clipped. The means hide what single videos do; the paired score
compares each video with its own real one, and is never above the score of the set.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from talkingface.errors import DataError

GROUPS: Mapping[str, Sequence[str]] = {
    "quality": ("aesthetics", "mouth_quality", "face_quality"),
    "naturalness": ("lip_dynamics", "head_motion", "eyebrow_dynamics"),
    "synchronization": ("silent_lips", "lip_sync"),
}
MEASURES = tuple(measure for group in GROUPS.values() for measure in group)
LEAST_TRUTH = 1e-9

Values = Mapping[str, float]  # by measure


def set_scores(generated: Values, real: Values) -> dict[str, float]:
    """Return the score of each measure from the means over generated and over real videos.

    >>> set_scores({"lip_sync": 0.375}, {"lip_sync": 0.25})["lip_sync"]
    0.5

    Raises:
        DataError: a mean is missing or no number, or that of the real videos is 0.
    """
    scores = {}
    for measure, truth in real.items():
        value = generated.get(measure, np.nan)
        if not (np.isfinite(value) and np.isfinite(truth)):
            raise DataError(
                f"THEval has no value of {measure} for every method and the real videos. "
                "Measure it again, or leave it out everywhere."
            )
        if abs(truth) <= LEAST_TRUTH:
            raise DataError(
                f"The real videos have a {measure} of {truth:g}, which no score can be set "
                "against. Check the readers, or leave it out everywhere."
            )
        scores[measure] = 1 - abs(value - truth) / abs(truth)
    return scores


def final_score(scores: Values, weights: Values | None = None) -> float:
    """Return the mean of the scores, weighted where a measure has a weight other than 1."""
    weights = weights or {}
    return float(
        np.average(list(scores.values()), weights=[weights.get(name, 1.0) for name in scores])
    )


def group_scores(scores: Values) -> dict[str, float]:
    """Return the mean score of each group of which every measure is there."""
    return {
        group: float(np.mean([scores[measure] for measure in measures]))
        for group, measures in GROUPS.items()
        if all(measure in scores for measure in measures)
    }


def ranks(finals: Values) -> dict[str, int]:
    """Return the rank of each method by its final score; equal ones share the best rank."""
    return {
        name: 1 + sum(other > final for other in finals.values()) for name, final in finals.items()
    }


def paired_score(generated: NDArray[np.float64], real: NDArray[np.float64]) -> float:
    """Return ``1 - sum |M - G| / sum |G|`` over videos (N,) and their own real ones.

    Videos without a value on either side do not count; nan if none is left.
    """
    both = np.isfinite(generated) & np.isfinite(real)
    truth = float(np.abs(real[both]).sum())
    if truth <= LEAST_TRUTH:
        return float("nan")
    return 1 - float(np.abs(generated[both] - real[both]).sum()) / truth
