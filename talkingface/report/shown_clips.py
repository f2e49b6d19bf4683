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


def _beside(clips: Sequence[tuple[Markup, Sequence[Markup]]]) -> Markup:
    """Return clips with what is known of them: a row for each, or all in one grid for nothing."""
    if not any(known for _, known in clips):
        return grid(clip for clip, _ in clips)
    return joined(
        element("div", clip, element("div", *known), class_="shown") for clip, known in clips
    )


def _shown(record: Record, row: ClipRow, room: Room) -> tuple[Markup, Sequence[Markup]]:
    """Return the figure of a clip, and the drawings and pictures that stand beside it."""
    scores = ", ".join(f"{one} {plain(score)}" for one, score in row.scores.items())
    title = [element("strong", name(row.clip)), element("p", scores)]
    clip = figure(title, shown_video(row.video, f"Generated clip {row.clip}", room))
    known = []
    if sheet := shown_sheet(row.sheet, f"{row.clip}: real frames above generated ones", room):
        known.append(figure(["Real frames above, generated ones below"], sheet))
    if curves := grid([*lip_openings(record, row.clip), *sync_distances(record, row.clip)]):
        known.append(curves)
    return clip, known
