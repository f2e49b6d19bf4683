"""Several runs in one table, and what must be said before they are compared."""

import math
import statistics
from collections.abc import Sequence

from talkingface.report.markup import Markup, element, joined
from talkingface.report.numbers import with_error
from talkingface.report.record import METHOD, MetricNote, Record, Score
from talkingface.report.score_table import NO_SCORE, arrow
from talkingface.report.tables import row_title, table, value_cell


def labels(records: Sequence[Record]) -> list[str]:
    """Return a short name for each run: its method, or its folder where methods are the same."""
    methods = [record.method for record in records]
    return [
        method if methods.count(method) == 1 else record.name
        for method, record in zip(methods, records, strict=True)
    ]


def comparison_table(records: Sequence[Record]) -> Markup:
    """Return a row for each score and a column for each run; the best mean is in bold."""
    rows = []
    for metric, note in metrics_of(records).items():
        scores = [record.scores[METHOD].get(metric, NO_SCORE) for record in records]
        best = _best(scores, note)
        cells = [row_title(metric, note.sentence, arrow(note))]
        for record, score in zip(records, scores, strict=True):
            shown = f"{with_error(score.mean, score.standard_error)} {note.unit}".strip()
            change = None if record is records[0] else paired(records[0], record, metric)
            below = joined([f"{score.num_clips} clips", _told(change, note)])
            kind = "best" if score.mean is not None and score.mean == best else ""
            cells.append(value_cell(score.mean, shown, below, kind))
        rows.append(cells)
    caption = (
        "Mean ± standard error over clips; ↑ higher is better, ↓ lower. Small: the mean difference "
        "to the first run, over the clips of both; in colour beyond two standard errors."
    )
    return table(caption, ["Score", *labels(records)], rows)


def metrics_of(records: Sequence[Record]) -> dict[str, MetricNote]:
    """Return every metric that a run has, in the order of the first run that has it."""
    found: dict[str, MetricNote] = {}
    for record in records:
        for metric, note in record.metrics.items():
            found.setdefault(metric, note)
    return found


def paired(first: Record, other: Record, metric: str) -> tuple[float, float | None] | None:
    """Return the mean difference over the clips of both and its standard error."""
    one, two = first.values(metric), other.values(metric)
    changes = [two[clip] - one[clip] for clip in one if clip in two]
    if not changes:
        return None
    error = statistics.stdev(changes) / math.sqrt(len(changes)) if len(changes) > 1 else None
    return statistics.fmean(changes), error


def warnings(records: Sequence[Record]) -> list[str]:
    """Say in what the runs differ so that their scores cannot be compared."""
    found = []
    for key, sentence in (
        ("dataset", "They are scored on different datasets."),
        ("split", "They are scored on different splits."),
        ("protocol", "They are scored by different protocols."),
        ("fps", "Their videos have different rates."),
    ):
        if len({str(record.about.get(key)) for record in records}) > 1:
            found.append(sentence)
    if len({frozenset(row.clip for row in record.clips) for record in records}) > 1:
        found.append("They are scored on different clips.")
    for metric in metrics_of(records):
        notes = [record.metrics[metric] for record in records if metric in record.metrics]
        if len({(note.version, note.settings) for note in notes}) > 1:
            found.append(f"{metric} has other versions or settings.")
    return found


def _told(change: tuple[float, float | None] | None, note: MetricNote) -> Markup:
    """Return a difference to the first run, in colour where it is beyond two standard errors."""
    if change is None:
        return Markup()
    mean, error = change
    kind = None
    if error is not None and abs(mean) > 2 * error and note.higher_is_better is not None:
        kind = "better" if (mean > 0) == note.higher_is_better else "worse"
    plus = "+" if mean > 0 else ""
    return joined([", ", element("span", f"{plus}{with_error(mean, error)}", class_=kind)])


def _best(scores: Sequence[Score], note: MetricNote) -> float | None:
    means = [score.mean for score in scores if score.mean is not None]
    if len(means) < len(scores) or note.higher_is_better is None:
        return None
    return max(means) if note.higher_is_better else min(means)
