"""The scores of one run, each beside what it is to be compared with."""

from collections.abc import Mapping

from talkingface.report.markup import Markup, element, joined
from talkingface.report.numbers import plain, with_error
from talkingface.report.record import METHOD, MetricNote, Record, Score
from talkingface.report.saying import hashes, words
from talkingface.report.tables import folded, row_title, table, value_cell, words_cell, words_title

SUBJECTS = {
    METHOD: "the method",
    "truth": "Ground truth",
    "portrait_repeated": "Portrait repeated",
    "shuffled_speech": "Shuffled speech",
}
NO_SCORE = Score(None, None, 0)


def score_table(record: Record) -> Markup:
    """Return the table, and below it how each score was made.

    A clip without a score failed, or lacks what the metric reads.
    """
    has_paper = any(note.paper is not None for note in record.metrics.values())
    titles = ["Score", "Mean ± standard error", "Clips"]
    titles += [subject_title(subject) for subject in record.beside]
    titles += ["Paper"] if has_paper else []
    rows = []
    for metric, note in record.metrics.items():
        score = record.scores[METHOD].get(metric, NO_SCORE)
        cells = [
            row_title(metric, note.sentence, arrow(note)),
            mean_cell(score, note.unit),
            value_cell(score.num_clips, f"{score.num_clips} of {record.num_clips}"),
        ]
        others = [record.scores[subject].get(metric, NO_SCORE) for subject in record.beside]
        cells += [mean_cell(other, note.unit, _fewer(other, score)) for other in others]
        cells += [value_cell(note.paper, below=note.paper_source)] if has_paper else []
        rows.append(cells)
    for metric, reason in record.unavailable.items():
        rows.append([row_title(metric), words_cell(f"unavailable: {reason}", len(titles) - 1)])
    for subject, reason in record.not_beside.items():
        left_out = words_cell(f"left out: {reason}", len(titles) - 1)
        rows.append([row_title(subject_title(subject)), left_out])
    caption = "Means over clips; each counts once, however long it is. ↑ higher is better, ↓ lower."
    return joined([table(caption, titles, rows), _how_made(record)])


def mean_cell(score: Score, unit: str, below: str = "") -> Markup:
    """Return the cell of a mean with its standard error and unit."""
    shown = f"{with_error(score.mean, score.standard_error)} {unit}".strip()
    return value_cell(score.mean, shown, below)


def _fewer(score: Score, of_method: Score) -> str:
    """Say on how many clips a score stands, where they are fewer than those of the method."""
    return f"{score.num_clips} clips" if score.num_clips < of_method.num_clips else ""


def arrow(note: MetricNote) -> Markup:
    """Return the sign of the way in which a score is better, as papers have it."""
    if note.higher_is_better is None:
        return Markup()
    sign, heard = ("↑", "higher") if note.higher_is_better else ("↓", "lower")
    return element("span", sign, role="img", aria_label=f"{heard} is better")


def subject_title(subject: str) -> str:
    """Return what a subject is called on the page."""
    return SUBJECTS.get(subject, subject.replace("_", " "))


def _how_made(record: Record) -> Markup:
    rows = [
        [
            row_title(metric),
            words_cell(note.sentence),
            words_cell(note.version),
            words_cell(note.settings),
            words_cell(_facts(record.scores[METHOD].get(metric, NO_SCORE).facts)),
            words_cell(hashes(note.weights)),
        ]
        for metric, note in record.metrics.items()
    ]
    titles = ["What it is", "Version", "Settings", "Counts", "Weights (SHA-256)"]
    rules = [element("li", f"{rule}: {sentence}") for rule, sentence in record.rules.items()]
    return folded(
        "How each score was made",
        table("What decides each number.", ["Score", *map(words_title, titles)], rows),
        element("ul", *rules) if rules else "",
    )


def _facts(facts: Mapping[str, object]) -> str:
    return ", ".join(
        f"{key.removeprefix('num_').replace('_', ' ')} "
        f"{plain(value) if isinstance(value, int | float) else words(value)}"
        for key, value in facts.items()
    )
