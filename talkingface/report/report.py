"""A page from the folder of a run, or from several beside each other."""

from collections.abc import Sequence
from pathlib import Path

from talkingface.report.clip_table import clip_table
from talkingface.report.comparison import comparison_table, labels, warnings
from talkingface.report.distributions import distributions
from talkingface.report.embedding import Room
from talkingface.report.markup import Markup, element, joined, name
from talkingface.report.matrix import control_matrix
from talkingface.report.numbers import plain
from talkingface.report.origin import differences, origin
from talkingface.report.page import page
from talkingface.report.record import Record, read_record
from talkingface.report.saying import listed, mapping, words
from talkingface.report.score_table import score_table
from talkingface.report.shown_clips import shown_clips
from talkingface.report.side_by_side import same_clips, spread_side_by_side
from talkingface.report.training import training_curves
from talkingface.storage.atomic import write_text

FILE = "report.html"  # in the folder of a run


def write_report(folders: Sequence[Path], path: Path, *, overwrite: bool = True) -> None:
    """Write the page of one run, or of several beside each other.

    Raises:
        DataError: A folder holds no run that can be read.
        StorageError: The file cannot be written, or exists and may not be replaced.
    """
    records = [read_record(folder) for folder in folders]
    content = page_of_one(records[0]) if len(records) == 1 else page_of_several(records)
    write_text(path, content, overwrite=overwrite)


def page_of_one(record: Record) -> Markup:
    """Return the page of a run."""
    parts = [
        ("Scores", score_table(record) if record.metrics or record.unavailable else ""),
        ("Spread", distributions(record)),
        ("Best and worst clips", shown_clips(record, Room())),
        ("Control", _matrix(record)),
        ("All clips", clip_table(record) if record.clips else ""),
        ("Training", training_curves(record.history)),
        ("Made with", origin(record)),
    ]
    title = f"{record.method} on {record.dataset}" if record.dataset else record.method
    return page("Report of a run", title, [_facts(record)], _notices(record), parts)


def page_of_several(records: Sequence[Record]) -> Markup:
    """Return the page that compares runs."""
    titled = list(zip(labels(records), records, strict=True))
    matrices = [
        joined([element("h3", name(title)), matrix])
        for title, record in titled
        if (matrix := _matrix(record))
    ]
    parts = [
        ("Scores", comparison_table(records)),
        ("Spread", spread_side_by_side(records)),
        ("The same clips", same_clips(records, Room())),
        ("Control", joined(matrices)),
        ("Differences", differences(records)),
    ]
    facts = [f"{title}: {_facts(record)}" for title, record in titled]
    title = ", ".join(dict.fromkeys(title for title, _ in titled))
    return page("Comparison of runs", title, facts, warnings(records), parts)


def _matrix(record: Record) -> Markup:
    controls = mapping(record.about.get("controls"))
    return control_matrix(controls) if controls else Markup()


def _facts(record: Record) -> str:
    """Return what was scored, in a line."""
    about = record.about
    facts = [
        f"{words(about.get('split'))} split" if about.get("split") else "",
        f"protocol {words(about.get('protocol'))}" if about.get("protocol") else "",
        f"{words(about.get('num_clips'))} clips" if about.get("num_clips") else "",
        f"{plain(record.fps)} frames a second" if about.get("fps") else "",
        words(about.get("weights")),
        words(record.manifest.get("started")),
    ]
    return " · ".join(fact for fact in facts if fact)


def _notices(record: Record) -> list[str]:
    """Return what a reader of the scores must not overlook."""
    notices = []
    if words(record.about.get("weights")).startswith("demo"):
        notices.append(
            "These are demo weights: a small network, trained on drawn faces so that a first run "
            "works. They say nothing about the paper's own."
        )
    if failures := mapping(record.about.get("failures")):
        notices.append(f"{len(failures)} clips failed and have no score; the reasons are below.")
    if extra := listed(record.about.get("extra")):
        notices.append(f"{len(extra)} videos had nothing to be compared with: {words(extra[:5])}.")
    return notices
