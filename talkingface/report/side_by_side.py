"""Several runs beside each other: how their scores are spread, and the same clips by each."""

import math
from collections.abc import Sequence
from itertools import islice

from talkingface.report.comparison import labels, metrics_of
from talkingface.report.distributions import FEWEST_CLIPS, axis_of, swarm_of
from talkingface.report.embedding import Room, shown_video
from talkingface.report.figures import figure, grid, keys
from talkingface.report.markup import Markup, element, joined, name
from talkingface.report.numbers import plain, with_error
from talkingface.report.record import ClipRow, MetricNote, Record
from talkingface.report.score_table import arrow, subject_title
from talkingface.report.shown_clips import judging_metric
from talkingface.report.swarm import swarm_chart

SHOWN = 4  # clips, those in which the runs differ most


def spread_side_by_side(records: Sequence[Record]) -> Markup:
    """Return a drawing for each metric, the runs below each other on one axis."""
    figures = [
        _spread(records, metric, note)
        for metric, note in metrics_of(records).items()
        if any(len(record.values(metric)) >= FEWEST_CLIPS for record in records)
    ]
    subjects = dict.fromkeys(one for record in records for one in record.beside)
    signs = [(one, subject_title(one).lower()) for one in subjects]
    return joined([keys(signs) if signs else "", grid(figures)])


def same_clips(records: Sequence[Record], room: Room) -> Markup:
    """Return the clips in which the runs differ most, each by every run."""
    metric = judging_metric(records[0])
    by_clip = [{row.clip: row for row in record.clips} for record in records]
    common = [clip for clip in by_clip[0] if all(clip in rows for rows in by_clip)]
    if metric is not None:
        common.sort(key=lambda clip: _span([rows[clip] for rows in by_clip], metric), reverse=True)
    there = (clip for clip in common if all(_has_video(rows[clip]) for rows in by_clip))
    parts = []
    for clip in islice(there, SHOWN):
        parts.append(element("h3", name(clip)))
        parts.append(
            grid(
                _figure(title, rows[clip], metric, room)
                for title, rows in zip(labels(records), by_clip, strict=True)
            )
        )
    return joined(parts)


def _figure(title: str, row: ClipRow, metric: str | None, room: Room) -> Markup:
    said = f" {metric} {plain(row.scores.get(metric))}" if metric else ""
    heard = f"{row.clip} by {title}"
    return figure([element("strong", name(title)), said], shown_video(row.video, heard, room))


def _spread(records: Sequence[Record], metric: str, note: MetricNote) -> Markup:
    swarms = {
        title: swarm_of(record, metric)
        for title, record in zip(labels(records), records, strict=True)
        if record.values(metric)
    }
    axis = axis_of(*swarms.values())
    drawn: list[Markup] = []
    for title, swarm in swarms.items():
        heard = f"{metric} of {title}: mean {with_error(swarm.mean, swarm.error)}."
        drawn += [element("h4", name(title)), swarm_chart(heard, swarm, axis, note.unit)]
    return figure([element("strong", name(metric)), " ", arrow(note)], *drawn)


def _has_video(row: ClipRow) -> bool:
    return row.video is not None and row.video.is_file()


def _span(rows: Sequence[ClipRow], metric: str) -> float:
    scores = [row.scores[metric] for row in rows if metric in row.scores]
    return max(scores) - min(scores) if scores else -math.inf
