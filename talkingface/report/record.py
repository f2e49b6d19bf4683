"""What a page shows of one run, read from its folder.

What the files hold is said in `talkingface.engine.results`. A run that lacks a part, or was made
before that part was written, still has a page: the part is missing there too.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from talkingface.engine.run_folder import RunFolder
from talkingface.errors import DataError
from talkingface.report.history import History, read_history
from talkingface.report.saying import hashes, mapping, number, numbers, read_json, words

FOOTAGE = (
    *("generated_px", "reference_px", "fps", "codec", "reference_codec"),
    *("face_reader", "sample_rate_hz"),
)
METHOD, TRUTH = "method", "truth"  # two of the subjects that are scored


@dataclass(frozen=True)
class Score:
    """A metric over all clips."""

    mean: float | None
    standard_error: float | None
    num_clips: int
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class MetricNote:
    """What must be known to read a score."""

    sentence: str
    unit: str
    higher_is_better: bool | None  # None where the run does not say it
    version: str
    settings: str
    weights: Mapping[str, Any]
    paper: float | None  # the paper's number, where it is certain
    paper_source: str


@dataclass(frozen=True)
class ClipRow:
    """One clip of one subject."""

    clip: str
    subject: str
    num_frames: float | None
    scores: Mapping[str, float]
    footage: Mapping[str, str]  # sizes, rates and codecs, by column
    video: Path | None  # which may be gone
    sheet: Path | None
    remarks: str
    failure: str


@dataclass(frozen=True)
class Record:
    """One run."""

    name: str
    about: Mapping[str, Any]  # what results.json says of the whole
    metrics: Mapping[str, MetricNote]
    scores: Mapping[str, Mapping[str, Score]]  # by subject, then by metric
    unavailable: Mapping[str, str]
    not_beside: Mapping[str, str]  # subjects that were wanted and have no score, and why
    rows: Sequence[ClipRow]
    curves: Mapping[str, Any]  # by clip, subject, metric and name
    history: History
    settings: Mapping[str, str]
    manifest: Mapping[str, Any]

    @property
    def method(self) -> str:
        """Name of the method."""
        said = self.about.get("method") or self.about.get("model")
        return words(said) or self.settings.get("model.name", self.name)

    @property
    def dataset(self) -> str:
        """Name of the dataset."""
        return words(self.about.get("dataset")) or self.settings.get("dataset.name", "")

    @property
    def num_clips(self) -> int:
        """How many clips there are, with those that failed."""
        return int(number(self.about.get("num_clips")) or len(self.clips))

    @property
    def fps(self) -> float:
        """Frames a second; 25 where the run does not say it."""
        return number(self.about.get("fps")) or 25.0

    @property
    def rules(self) -> dict[str, str]:
        """What was done with clips that do not fit each other, and by whom they were read."""
        rules = mapping(self.about.get("rules"))
        return {name: _rule(mapping(said)) for name, said in rules.items()}

    @cached_property
    def rows_of(self) -> Mapping[str, Sequence[ClipRow]]:
        """The rows of each subject."""
        found: dict[str, list[ClipRow]] = {}
        for row in self.rows:
            found.setdefault(row.subject, []).append(row)
        return found

    @property
    def clips(self) -> Sequence[ClipRow]:
        """The clips as the method made them."""
        return self.rows_of.get(METHOD, [])

    @property
    def beside(self) -> list[str]:
        """The other subjects that have a score."""
        return [
            subject
            for subject, scores in self.scores.items()
            if subject != METHOD and any(score.mean is not None for score in scores.values())
        ]

    def values(self, metric: str) -> dict[str, float]:
        """Return the score of each clip of the method that has one."""
        return {row.clip: row.scores[metric] for row in self.clips if metric in row.scores}

    def curves_of(self, clip: str, subject: str) -> Mapping[str, Any]:
        """Return the curves of a clip, by metric."""
        return mapping(mapping(self.curves.get(clip)).get(subject))

    def curve(self, clip: str, subject: str, metric: str, name: str) -> list[float]:
        """Return one curve of a clip, or nothing."""
        return numbers(mapping(self.curves_of(clip, subject).get(metric)).get(name))


def read_record(folder: Path) -> Record:
    """Read a run.

    Raises:
        DataError: The folder holds neither scores nor a training, or they cannot be read.
    """
    run = RunFolder(folder)
    about = read_json(run.results)
    settings = read_settings(folder / "config.yaml")
    history = read_history(folder, settings.get("evaluate_model_file", ""))
    if not about and not history.curves:
        raise DataError(
            f"{folder} holds nothing to report: no results.json of an evaluation and no steps of a "
            "training. Name the folder of a run, such as runs/TIME-MODEL-DATASET."
        )
    metrics = {name: _note(name, about) for name in mapping(about.get("scores"))}
    subjects = {METHOD: about.get("scores"), **mapping(about.get("beside"))}
    return Record(
        name=folder.resolve().name,
        about=about,
        metrics=metrics,
        scores={subject: _scores(mapping(found)) for subject, found in subjects.items()},
        unavailable={
            name: _reason(said) for name, said in mapping(about.get("unavailable")).items()
        },
        not_beside={
            subject: words(said) for subject, said in mapping(about.get("not_beside")).items()
        },
        rows=_rows(run, list(metrics)),
        curves=read_json(folder / "curves.json"),
        history=history,
        settings=settings,
        manifest=read_json(folder / "manifest.json"),
    )


def read_settings(path: Path) -> dict[str, str]:
    """Return the settings of a run, each as it is written; see `talkingface.config.written`."""
    if not path.is_file():
        return {}
    lines = [line.partition(": ") for line in path.read_text("utf-8", "replace").splitlines()]
    return {key: value for key, colon, value in lines if colon}


def _note(name: str, about: Mapping[str, Any]) -> MetricNote:
    # Before version 1 of the results, a score said itself what its metric says now.
    score = mapping(mapping(about.get("scores")).get(name))
    said = {**score, **mapping(mapping(about.get("metrics")).get(name))}
    paper = mapping(mapping(about.get("paper")).get(name))
    direction = said.get("higher_is_better")
    return MetricNote(
        sentence=words(said.get("sentence")),
        unit=words(said.get("unit")),
        higher_is_better=direction if isinstance(direction, bool) else None,
        version=words(said.get("version")),
        settings=words(said.get("settings")),
        weights=mapping(said.get("weights")),
        paper=number(paper.get("value")),
        paper_source=words(paper.get("source")),
    )


def _scores(found: Mapping[str, Any]) -> dict[str, Score]:
    return {
        name: Score(
            number(score.get("mean")),
            number(score.get("standard_error")),
            int(number(score.get("num_clips")) or 0),
            mapping(score.get("facts")),
        )
        for name, score in ((name, mapping(said)) for name, said in found.items())
    }


def _rule(said: Mapping[str, Any]) -> str:
    """Return the sentence of a rule, and what the readers have learned that it names."""
    sentence, learned = words(said.get("sentence")), hashes(mapping(said.get("weights")))
    return f"{sentence} SHA-256: {learned}." if learned else sentence


def _reason(said: object) -> str:
    """Return why a metric is missing and, where a download cures it, how."""
    if not isinstance(said, Mapping):
        return words(said)
    cure = words(said.get("download"))
    reason = words(said.get("reason"))
    return f"{reason} Get it with: {cure}." if cure and cure not in reason else reason


def _rows(run: RunFolder, metrics: Sequence[str]) -> list[ClipRow]:
    if not run.per_clip.is_file():
        return []
    with run.per_clip.open(encoding="utf-8", errors="replace", newline="") as file:
        try:
            return [_row(run, cells, metrics) for cells in csv.DictReader(file)]
        except csv.Error as error:
            raise DataError(f"{run.per_clip} is no table that can be read ({error}).") from error


def _row(run: RunFolder, cells: Mapping[str, str | None], metrics: Sequence[str]) -> ClipRow:
    scores = {name: number(cells.get(name)) for name in metrics}
    return ClipRow(
        clip=cells.get("clip") or "",
        subject=cells.get("subject") or METHOD,
        num_frames=number(cells.get("num_frames")),
        scores={name: score for name, score in scores.items() if score is not None},
        footage={name: cells.get(name) or "" for name in FOOTAGE},
        video=_file(run.videos, cells.get("video")),
        sheet=_file(run.path / "sheets", cells.get("sheet")),
        remarks=cells.get("remarks") or "",
        failure=cells.get("failure") or "",
    )


def _file(folder: Path, written: str | None) -> Path | None:
    """Return a file by its name below `folder`, or by its path where it was before the run."""
    if not written or "\0" in written:
        return None
    below = folder / written
    return below if below.parent == folder or below.is_file() else Path(written)
