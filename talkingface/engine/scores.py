"""The scores of a split: a row for each clip, and for each metric the mean over clips."""

import csv
import io
import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from talkingface.registry import MetricSpec


@dataclass(frozen=True)
class ClipScores:
    """What came out for one clip: its scores, or the reason why there are none."""

    clip: str
    num_frames: int = 0
    scores: Mapping[str, float] = field(default_factory=dict)
    video: str = ""
    failure: str = ""


@dataclass(frozen=True)
class Summary:
    """One metric over all clips that have it. Each clip counts once, however long it is."""

    mean: float
    standard_error: float
    num_clips: int


def summarize(rows: Sequence[ClipScores], metric: str) -> Summary:
    """Return the mean and its standard error over the clips that have a finite score.

    >>> summarize([ClipScores("a", scores={"M": 1.0}), ClipScores("b", scores={"M": 3.0})], "M")
    Summary(mean=2.0, standard_error=1.0, num_clips=2)
    """
    values = [row.scores[metric] for row in rows if math.isfinite(row.scores.get(metric, math.nan))]
    if not values:
        return Summary(math.nan, math.nan, 0)
    error = statistics.stdev(values) / math.sqrt(len(values)) if len(values) > 1 else math.nan
    return Summary(statistics.fmean(values), error, len(values))


def as_json(
    rows: Sequence[ClipScores], metrics: Mapping[MetricSpec, str], about: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the content of ``results.json``. `metrics` gives the version of each metric."""
    scores = {}
    for spec, version in metrics.items():
        summary = summarize(rows, spec.name)
        scores[spec.name] = {
            "mean": _finite(summary.mean),
            "standard_error": _finite(summary.standard_error),
            "num_clips": summary.num_clips,
            "unit": spec.unit,
            "higher_is_better": spec.higher_is_better,
            "version": version,
        }
    failures = {row.clip: row.failure for row in rows if row.failure}
    return {**about, "num_clips": len(rows), "failures": failures, "scores": scores}


def as_csv(rows: Sequence[ClipScores], metrics: Sequence[str]) -> str:
    """Return the content of ``per_clip.csv``."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["clip", "num_frames", *metrics, "video", "failure"])
    for row in rows:
        cells = [row.scores.get(name, math.nan) for name in metrics]
        numbers = [f"{cell:.6g}" if math.isfinite(cell) else "" for cell in cells]
        table.writerow([row.clip, row.num_frames, *numbers, row.video, row.failure])
    return text.getvalue()


def as_table(rows: Sequence[ClipScores], metrics: Sequence[MetricSpec]) -> str:
    """Return the means as lines for a terminal."""
    lines = []
    width = max((len(spec.name) for spec in metrics), default=0) + 2
    for spec in metrics:
        one = summarize(rows, spec.name)
        arrow = "higher is better" if spec.higher_is_better else "lower is better"
        error = f" ± {one.standard_error:.4f}" if math.isfinite(one.standard_error) else ""
        value = f"{one.mean:.4f}{error} {spec.unit}".strip() if one.num_clips else "no clip has it"
        lines.append(f"  {spec.name:<{width}}{value:<24}n = {one.num_clips}, {arrow}")
    return "\n".join(lines)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
