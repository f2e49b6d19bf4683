"""THEval's score of a method, from its measures and those of the real videos beside them."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from talkingface.engine.scores import ClipScores, finite
from talkingface.errors import DataError
from talkingface.metrics.theval.score import (
    MEASURES,
    final_score,
    group_scores,
    paired_score,
    set_scores,
)

REAL = "of_real"  # the fact in which a measure keeps the real video's value


def theval_scores(rows: Sequence[ClipScores], metrics: Sequence[str]) -> dict[str, Any]:
    """Return the scores of each family of measures that was scored, as `results` describes them.

    Only clips with a value on both sides count. Published measures and our own are two families,
    for their values do not compare.
    """
    families = {
        "theval": {
            name.removeprefix("theval_"): name for name in metrics if name.startswith("theval_")
        },
        "theval_68": {name.removesuffix("_68"): name for name in metrics if name.endswith("_68")},
    }
    return {family: _scores(rows, names) for family, names in families.items() if names}


def _scores(rows: Sequence[ClipScores], names: Mapping[str, str]) -> dict[str, Any]:
    values = {measure: _both(rows, name) for measure, name in names.items()}
    there = {measure: both for measure, both in values.items() if len(both)}
    made, real = ({m: float(both[:, side].mean()) for m, both in there.items()} for side in (0, 1))
    try:
        scores = set_scores(made, real)
    except DataError as error:
        return {"reason": str(error)}
    if not scores:
        return {"reason": "No clip has a value of any measure on both sides."}
    return {
        "scores": scores,
        "paired": {m: finite(paired_score(*both.T)) for m, both in there.items()},
        "groups": group_scores(scores),
        "final": final_score(scores),
        "num_measures": len(scores),
        "num_measures_published": len(MEASURES),
    }


def _both(rows: Sequence[ClipScores], name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the values of the generated and of the real videos, (N, 2)."""
    both = [
        (row.scores[name], row.facts.get(name, {}).get(REAL, math.nan))
        for row in rows
        if name in row.scores
    ]
    values = np.array(both, dtype=np.float64).reshape(-1, 2)
    return values[np.isfinite(values).all(axis=1)]
