"""What came out for each clip and subject, and the mean over clips."""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal

Subject = Literal["method", "truth", "portrait_repeated", "shuffled_speech"]
SHUFFLED: Final = "shuffled_speech"  # the method, given what somebody else says


@dataclass(frozen=True)
class Footage:
    """What was looked at and heard of a clip."""

    num_frames: int = 0  # that were scored
    num_generated: int = 0
    num_reference: int = 0
    width: int = 0  # px at which both were compared
    height: int = 0
    generated_px: str = ""  # as they came, such as 112x112
    reference_px: str = ""
    fps: float = 0.0
    codec: str = ""  # of the generated frames; none where they were scored before encoding
    reference_codec: str = ""
    face_reader: str = ""  # who has read the faces, where a score asks for it
    sample_rate_hz: int = 0  # of the sound as it came


@dataclass(frozen=True)
class ClipScores:
    """What came out for one subject on one clip: its scores, or the reason why there are none."""

    clip: str
    subject: Subject = "method"
    footage: Footage = field(default_factory=Footage)
    scores: Mapping[str, float] = field(default_factory=dict)
    facts: Mapping[str, Mapping[str, float]] = field(default_factory=dict)  # by metric
    curves: Mapping[str, Mapping[str, Sequence[float]]] = field(default_factory=dict)  # by metric
    missing: Mapping[str, str] = field(default_factory=dict)  # metrics without a score, and why
    remarks: tuple[str, ...] = ()
    video: str = ""
    sheet: str = ""
    failure: str = ""

    def as_plain(self) -> dict[str, Any]:
        """Return the row as values that JSON has; what is no number is None."""
        plain: dict[str, Any] = _without_nan(asdict(self))
        return plain

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> "ClipScores":
        """Return the row that `as_plain` has written."""
        row = _with_nan(dict(plain))
        return cls(**row | {"footage": Footage(**row["footage"]), "remarks": tuple(row["remarks"])})


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


def summed_facts(rows: Sequence[ClipScores], metric: str) -> dict[str, float]:
    """Return a metric's facts over all clips: the sums of counts, the means of other numbers."""
    of_clips = [row.facts[metric] for row in rows if metric in row.facts]
    facts = {}
    for name in dict.fromkeys(name for one in of_clips for name in one):
        values = [one[name] for one in of_clips if math.isfinite(one.get(name, math.nan))]
        if values:
            facts[name] = math.fsum(values) if name.startswith("num_") else statistics.fmean(values)
    return facts


def finite(value: float) -> float | None:
    """Return a number as JSON has it: None for what is none."""
    return value if math.isfinite(value) else None


def _without_nan(value: Any) -> Any:  # noqa: ANN401  # any value that a row holds
    if isinstance(value, float):
        return finite(value)
    if isinstance(value, Mapping):
        return {key: _without_nan(one) for key, one in value.items()}
    return [_without_nan(one) for one in value] if isinstance(value, list | tuple) else value


def _with_nan(value: Any) -> Any:  # noqa: ANN401  # any value that a row holds
    if value is None:
        return math.nan
    if isinstance(value, dict):
        return {key: _with_nan(one) for key, one in value.items()}
    return [_with_nan(one) for one in value] if isinstance(value, list) else value
