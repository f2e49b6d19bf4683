"""How the scores of the clips are spread, a drawing for each metric."""

from talkingface.report.axes import LEFT, RIGHT, Axis
from talkingface.report.figures import figure, grid, keys
from talkingface.report.markup import Markup, element
from talkingface.report.markup import name as named
from talkingface.report.numbers import plain, with_error
from talkingface.report.record import METHOD, Record
from talkingface.report.score_table import NO_SCORE, arrow, subject_title
from talkingface.report.swarm import Swarm, swarm_chart

FEWEST_CLIPS = 2  # one has no distribution


def distributions(record: Record) -> Markup:
    """Return a grid of drawings, empty where no metric has scores of several clips."""
    return grid(
        _figure(record, metric)
        for metric in record.metrics
        if len(record.values(metric)) >= FEWEST_CLIPS
    )


def swarm_of(record: Record, metric: str) -> Swarm:
    """Return what is drawn of a run's metric."""
    score = record.scores[METHOD].get(metric, NO_SCORE)
    references = {
        subject: mean
        for subject, scores in record.scores.items()
        if subject != METHOD and (mean := scores.get(metric, NO_SCORE).mean) is not None
    }
    return Swarm(record.values(metric), score.mean, score.standard_error, references)


def axis_of(*swarms: Swarm) -> Axis:
    """Return the axis on which several runs can be compared."""
    values = [value for one in swarms for value in one.everything()]
    return Axis.around(values, LEFT, RIGHT)


def _figure(record: Record, metric: str) -> Markup:
    note, swarm = record.metrics[metric], swarm_of(record, metric)
    signs = [("mean", f"mean {with_error(swarm.mean, swarm.error)}")]
    signs += [
        (subject, f"{subject_title(subject).lower()} {plain(value, 3)}")
        for subject, value in swarm.references.items()
    ]
    drawing = swarm_chart(_heard(metric, swarm), swarm, axis_of(swarm), note.unit)
    title = [element("strong", named(metric)), " ", arrow(note)]
    return figure(title, drawing, below=[keys(signs)])


def _heard(metric: str, swarm: Swarm) -> str:
    values = list(swarm.values.values())
    return (
        f"{metric} of {len(values)} clips: from {plain(min(values))} to {plain(max(values))}, "
        f"mean {with_error(swarm.mean, swarm.error)}."
    )
