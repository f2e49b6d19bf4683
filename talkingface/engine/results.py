"""What an evaluation leaves in its run folder, and how it is written. Version 1.

*Subjects* are what is scored: ``method``, and beside it ``truth`` (the real clip by itself, where
that has meaning), ``portrait_repeated`` (the portrait as every frame) and ``shuffled_speech`` (the
method, given another clip's speech: a part of the clips, by scores that tell of lips or sync).
Nothing is NaN or infinite: what has no value is ``null`` in JSON and empty in csv. Every name may
hold any character; escape it before it is shown.

``results.json``
    ``format``: "talkingface-results"; ``version``: 1.
    ``method``, ``weights`` (a sentence part), ``weights_sha256`` (or null), ``dataset``, ``split``
    (null for lists and files), ``protocol`` (self, cross_identity, cross_pose, pairs, list or
    files), ``seed``, ``fps``, ``seconds``.
    ``num_clips``; ``failures``: {clip: reason}; ``extra``: [names that nothing was compared with];
    ``list_sha256``: of the list that was given, else of the names of all clips, each on a line.
    ``rules``: {rule: {"setting": value, "sentence": what was done}}, rules are ``length``, ``size``
    and ``readers``, which has ``weights`` too: {who has read faces: sha256}.
    ``metrics``: {metric: {``sentence``, ``unit``, ``higher_is_better``, ``bounds``: [low, high],
    ``version``, ``scope``: "clip" or "set", ``compares``: pictures, lip, pose, blink, gaze, emotion
    or nothing, ``settings``: {name: value}, ``weights``: {file: sha256}}}.
    ``unavailable``: {metric: {``reason``, ``download``: the words behind the program's name that
    cure it, or null}}.
    ``scores``: {metric: score of the method}; ``beside``: {subject: {metric: score}}, where a score
    is {``mean``, ``standard_error`` (by clip), ``num_clips``, ``facts``: {name: number}}. Facts
    that begin with ``num_`` are sums over clips, others means. A metric of the set has one number
    for all clips, so no standard error.
    ``not_beside``: {subject: reason}, what was wanted beside the method and has no score.
    ``paper``: {metric: {``value``, ``source``}}, numbers that are certain for this dataset.
    ``controls``: the matrix below, or null where it was not asked for.
    ``theval``: {family: {``scores``, ``paired``: {measure: score}, ``groups``: {group: score},
    ``final``, ``num_measures``, ``num_measures_published``}}, families are theval and theval_68; a
    family that cannot be scored has a ``reason`` instead. ``final`` is the mean of as many measures
    as there are: below ``num_measures_published`` it is not the published score.

``controls`` of ``results.json``
    ``moved``: the controls that the method has, a row each; ``factors``: lip, pose, blink, gaze,
    emotion, a column each. ``method``: rows of numbers. Where row and column are the same factor:
    how much of the asked movement was made (1: all of it, 0: nothing). Elsewhere: how much the
    factor moved though it should not, in units of its own natural movement (0 is best).
    ``floor``: the same, read from drawings that follow perfectly: the readers' own error.
    ``correlation``, ``correlation_floor``: {control: Pearson's r of asked and read movement}.
    ``num_people``, ``num_frames``.

``per_clip.csv``: a row for each clip and subject
    ``clip``, ``subject``, ``num_frames`` (that were scored), ``num_generated``, ``num_reference``,
    ``width``, ``height`` (px at which both were compared), ``generated_px``, ``reference_px`` (such
    as 112x112, as they came), ``fps``, ``codec`` (of the generated frames; none where they were
    scored before they were encoded), ``reference_codec``, ``face_reader`` (who has read the faces,
    where a score asks for it), ``sample_rate_hz`` (of the sound as it came), a column for each
    metric, ``video`` (below ``videos``, or a path where the video was there before), ``sheet``
    (below ``sheets``), ``remarks``, ``failure``.

``curves.json``: {clip: {subject: {metric: {curve: [numbers]}}}}
    ``MAR_correlation`` has ``generated`` and ``real``, the mouth's opening in each frame. Metrics
    of lip sync have ``distance``, at the shifts in ``offset``.

``sheets/CLIP.jpg``: frames at even steps in time, a row for the truth above one for the method.
``clips/CLIP.json``: all that is known of one finished clip, from which a killed run goes on.
``videos/CLIP.mp4``: what the method made.
"""

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, get_args

from talkingface.engine.scorers import Scorer, Unavailable
from talkingface.engine.scores import (
    ClipScores,
    Footage,
    Subject,
    finite,
    summarize,
    summed_facts,
)
from talkingface.engine.theval_scores import theval_scores

FORMAT: Final = "talkingface-results"
VERSION: Final = 1
SUBJECTS: tuple[Subject, ...] = get_args(Subject)


@dataclass(frozen=True)
class SetScore:
    """A metric of the set: one number for all clips of a subject."""

    score: float
    num_clips: int
    facts: Mapping[str, float]


SetScores = Mapping[tuple[Subject, str], SetScore]  # by subject and metric


def as_json(
    rows: Sequence[ClipScores],
    scorers: Sequence[Scorer],
    unavailable: Mapping[str, Unavailable],
    set_scores: SetScores,
    about: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the content of ``results.json``. `about` holds all that no row knows."""
    of_method = [row for row in rows if row.subject == "method"]
    without = {**unavailable, **_never_there(of_method, scorers)}
    there = [one for one in scorers if one.name not in without]
    scores = {
        subject: {
            one.name: _score(subject, rows, one, set_scores)
            for one in there
            if subject == "method" or _has(subject, rows, one, set_scores)
        }
        for subject in SUBJECTS
    }
    return {
        "format": FORMAT,
        "version": VERSION,
        **about,
        "num_clips": len(of_method),
        "failures": {row.clip: row.failure for row in of_method if row.failure},
        "metrics": {one.name: _described(one) for one in there},
        "unavailable": {
            name: {"reason": one.reason, "download": one.download or None}
            for name, one in without.items()
        },
        "scores": scores["method"],
        "theval": theval_scores(of_method, [one.name for one in there]),
        "beside": {subject: found for subject, found in scores.items() if subject != "method"},
    }


def as_csv(rows: Sequence[ClipScores], metrics: Sequence[str]) -> str:
    """Return the content of ``per_clip.csv``."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    footage = [one.name for one in fields(Footage)]
    table.writerow(["clip", "subject", *footage, *metrics, "video", "sheet", "remarks", "failure"])
    for row in rows:
        cells = [row.scores.get(name, math.nan) for name in metrics]
        numbers = [f"{cell:.6g}" if math.isfinite(cell) else "" for cell in cells]
        seen = [value or "" for value in asdict(row.footage).values()]
        remarks = "; ".join(row.remarks)
        table.writerow(
            [row.clip, row.subject, *seen, *numbers, row.video, row.sheet, remarks, row.failure]
        )
    return text.getvalue()


def as_curves(rows: Iterable[ClipScores]) -> dict[str, Any]:
    """Return the content of ``curves.json``; numbers are rounded to be drawn."""
    curves: dict[str, Any] = {}
    for row in rows:
        drawn = {
            metric: {
                name: [_rounded(value) for value in curve] for name, curve in of_metric.items()
            }
            for metric, of_metric in row.curves.items()
        }
        if drawn:
            curves.setdefault(row.clip, {})[row.subject] = drawn
    return curves


def _never_there(rows: Sequence[ClipScores], scorers: Sequence[Scorer]) -> dict[str, Unavailable]:
    """Return the metrics that no clip has for a reason that it gave, such as a missing reader."""
    made = [row for row in rows if not row.failure]
    never = [one.name for one in scorers if made and all(one.name in row.missing for row in made)]
    return {name: Unavailable(made[0].missing[name]) for name in never}


def _described(scorer: Scorer) -> dict[str, Any]:
    spec, kind = scorer.spec, scorer.kind
    return {
        "sentence": spec.sentence,
        "unit": spec.unit,
        "higher_is_better": spec.higher_is_better,
        "bounds": [finite(bound) for bound in kind.bounds],
        "version": kind.version,
        "scope": kind.scope,
        "compares": kind.compares,
        "settings": dict(kind.settings),
        "weights": dict(scorer.weights),
    }


def _score(
    subject: Subject, rows: Sequence[ClipScores], scorer: Scorer, set_scores: SetScores
) -> dict[str, Any]:
    if scorer.kind.scope == "set":
        of_set = set_scores.get((subject, scorer.name), SetScore(math.nan, 0, {}))
        mean, error, num_clips, facts = of_set.score, math.nan, of_set.num_clips, of_set.facts
    else:
        own = [row for row in rows if row.subject == subject]
        summary = summarize(own, scorer.name)
        mean, error, num_clips = summary.mean, summary.standard_error, summary.num_clips
        facts = summed_facts(own, scorer.name)
    return {
        "mean": finite(mean),
        "standard_error": finite(error),
        "num_clips": num_clips,
        "facts": {name: finite(fact) for name, fact in facts.items()},
    }


def _has(
    subject: Subject, rows: Sequence[ClipScores], scorer: Scorer, set_scores: SetScores
) -> bool:
    """Return whether a subject was scored by a metric at all."""
    if scorer.kind.scope == "set":
        return (subject, scorer.name) in set_scores
    return any(scorer.name in row.scores for row in rows if row.subject == subject)


def _rounded(value: float) -> float | None:
    return float(f"{value:.5g}") if math.isfinite(value) else None
