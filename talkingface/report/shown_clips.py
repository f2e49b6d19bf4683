"""The best and the worst clips: how they look, sound and move over time."""

from collections.abc import Sequence

from talkingface.report.clip_curves import lip_openings, sync_distances
from talkingface.report.embedding import Room, shown_sheet, shown_video
from talkingface.report.figures import figure, grid
from talkingface.report.markup import Markup, element, joined, name
from talkingface.report.numbers import plain
from talkingface.report.record import ClipRow, Record

SHOWN = 3  # from each end


def shown_clips(record: Record, room: Room) -> Markup:
    """Return the clips at both ends of the first score that tells them apart."""
    made = [row for row in record.clips if not row.failure]
    metric = judging_metric(record)
    if metric is None:
        return _beside([_shown(record, row, room) for row in made[: 2 * SHOWN]])
    worse_first = sorted(
        (row for row in made if metric in row.scores),
        key=lambda row: row.scores[metric],
        reverse=record.metrics[metric].higher_is_better is False,
    )
    each = min(SHOWN, len(worse_first) // 2)
    parts = [element("p", f"Best and worst are told by {metric}.", class_="remark")]
    for title, rows in (("Best", worse_first[: -each - 1 : -1]), ("Worst", worse_first[:each])):
        parts.append(element("h3", title))
        parts.append(_beside([_shown(record, row, room) for row in rows]))
    return joined(parts)


def judging_metric(record: Record) -> str | None:
    """Return the first metric that has a direction and a score for several clips."""
    return next(
        (
            metric
            for metric, note in record.metrics.items()
            if note.higher_is_better is not None and len(set(record.values(metric).values())) > 1
        ),
        None,
    )


def _beside(clips: Sequence[Sequence[Markup]]) -> Markup:
    """Return the figures of clips: a row for each, or all beside each other if each has one."""
    if all(len(figures) == 1 for figures in clips):
        return grid(one for figures in clips for one in figures)
    return joined(grid(figures) for figures in clips)


def _shown(record: Record, row: ClipRow, room: Room) -> list[Markup]:
    scores = ", ".join(f"{one} {plain(score)}" for one, score in row.scores.items())
    heard = f"Generated clip {row.clip}"
    sheet = shown_sheet(row.sheet, f"{row.clip}: real frames above generated ones", room)
    title = [element("strong", name(row.clip)), element("p", scores)]
    clip = figure(title, shown_video(row.video, heard, room), below=[sheet] if sheet else [])
    return [clip, *lip_openings(record, row.clip), *sync_distances(record, row.clip)]
