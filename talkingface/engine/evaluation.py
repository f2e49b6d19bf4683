"""One evaluation from work to scores: shared by ranks, gone on with after a kill, written down."""

import hashlib
import json
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import isfinite, nan
from pathlib import Path
from typing import Any

from talkingface.config.settings import EvaluateSettings, Settings
from talkingface.data.splits import list_sha256
from talkingface.engine.control_matrix import matrix_of, movements_of
from talkingface.engine.devices import choose_device
from talkingface.engine.evaluator import Evaluator
from talkingface.engine.eyes import Eyes, digests_of
from talkingface.engine.finished import FinishedClips
from talkingface.engine.panels import PANELS_FOLDER
from talkingface.engine.progress import progress
from talkingface.engine.ranks import Ranks
from talkingface.engine.result_table import as_table
from talkingface.engine.results import (
    SUBJECTS,
    SetScore,
    SetScores,
    as_csv,
    as_curves,
    as_json,
)
from talkingface.engine.rules import Rules
from talkingface.engine.run_folder import RunFolder
from talkingface.engine.scorers import Scorer, Unavailable, scorers_of
from talkingface.engine.scores import SHUFFLED, ClipScores, Subject
from talkingface.engine.shuffled_speech import clips_to_shuffle, why_not_shuffled
from talkingface.engine.work import Work
from talkingface.errors import RunError, TalkingFaceError
from talkingface.face.reader import open_reader
from talkingface.metrics.base import SetMetric
from talkingface.registry import MetricSpec
from talkingface.storage.atomic import make_folder, remove_strays, write_json, write_text

logger = logging.getLogger(__name__)

READERS_SENTENCE = (
    "Faces are read by SynthTalk's reader where they are drawn, and by the default landmark finder "
    "where they are filmed; the real ones too."
)


@dataclass(frozen=True)
class Evaluation:
    """What came out of an evaluation."""

    results: Mapping[str, Any]  # the content of results.json
    rows: Sequence[ClipScores]
    run: RunFolder

    def __str__(self) -> str:
        """Return the scores as a table for a terminal."""
        return as_table([self.results])

    @property
    def scores(self) -> dict[str, float | None]:
        """The mean of each score of the method, by name; None where no clip has it."""
        return {name: score["mean"] for name, score in self.results["scores"].items()}

    @property
    def num_failed(self) -> int:
        """Number of clips that could not be scored."""
        return len(self.results["failures"])

    @property
    def best_video(self) -> tuple[Path, str]:
        """The clip that the first of the scores likes best, and words that say so."""
        made = [row for row in self.rows if row.video]
        for name, metric in self.results["metrics"].items():
            if metric["higher_is_better"] is None:
                continue
            sign = 1 if metric["higher_is_better"] else -1
            scored = [row for row in made if isfinite(row.scores.get(name, nan))]
            if scored:
                best = max(scored, key=lambda row: sign * row.scores[name])
                return self.run.videos / best.video, f"best {name} of {len(scored)}"
        return self.run.videos / made[0].video, f"first of {len(made)}"


def evaluate(
    settings: Settings, work: Work, metrics: Sequence[MetricSpec], run: RunFolder, ranks: Ranks
) -> Evaluation | None:
    """Make and score the clips, and write all of it to the run folder.

    Each rank works on its share of the clips that are not done; the first one writes the tables and
    returns them, the others return None.

    Raises:
        RunError: No clip could be scored.
        TalkingFaceError: The metrics, or the run folder, cannot be used.
    """
    started = time.monotonic()
    chosen, device = settings.evaluate, str(choose_device(settings.device))
    scorers, unavailable = scorers_of(metrics, device, work.compared)
    if ranks.is_first:
        _tell_of_missing(unavailable)
        make_folder(run.sheets)
        remove_strays(run.videos)
    rules, beside = Rules.of(chosen), _beside(chosen)
    eyes = Eyes(chosen.readers)
    panels = run.path / PANELS_FOLDER if chosen.panels else None
    shuffled = clips_to_shuffle(settings, work, scorers)
    evaluator = Evaluator(
        work.model, scorers, run.videos, run.sheets, rules, beside, eyes, panels, shuffled
    )
    finished = FinishedClips(run.path, _digest(settings, work, scorers))
    _score_all(evaluator, work, finished, run, ranks)
    controls = _controls(work, ranks)
    if not ranks.is_first:
        return None
    rows = [row for task in work.tasks for row in finished.rows(task.name)]
    if all(row.failure for row in rows):
        write_text(run.per_clip, as_csv(rows, []))
        raise RunError(
            f"None of {len(rows)} clips could be scored; the reasons are in {run.per_clip}. The "
            f"first: {rows[0].failure}"
        )
    set_scores = _set_scores(scorers, rows, finished)
    about = {
        **_origin(settings, work),
        "fps": max(row.footage.fps for row in rows),
        "seconds": round(time.monotonic() - started, 2),
        "rules": {
            **rules.as_plain(),
            "readers": {
                "setting": chosen.readers,
                "sentence": READERS_SENTENCE,
                "weights": digests_of(sorted({row.footage.face_reader for row in rows} - {""})),
            },
        },
        "controls": controls,
        "not_beside": _not_beside(settings, work, scorers, rows),
    }
    results = as_json(rows, scorers, unavailable, set_scores, about)
    _tell_of_gaps(results)
    write_text(run.per_clip, as_csv(rows, list(results["metrics"])))
    write_text(run.curves, json.dumps(as_curves(rows), allow_nan=False))
    write_json(run.results, results)
    return Evaluation(results, rows, run)


def _origin(settings: Settings, work: Work) -> dict[str, Any]:
    """Return who was scored on what, as `results` describes it."""
    has_split = work.protocol not in ("list", "files")
    return {
        "method": work.method,
        "weights": work.weights,
        "weights_sha256": work.weights_sha256 or None,
        "dataset": work.dataset,
        "split": settings.evaluate.split if has_split else None,
        "protocol": work.protocol,
        "seed": settings.seed,
        "extra": list(work.extra),
        "list_sha256": work.list_sha256 or list_sha256([task.name for task in work.tasks]),
        "paper": {
            name: {"value": one.value, "source": one.source} for name, one in work.paper.items()
        },
    }


def _score_all(
    evaluator: Evaluator, work: Work, finished: FinishedClips, run: RunFolder, ranks: Ranks
) -> None:
    """Score the clips that are not done, each rank its share, and wait for the other ranks."""
    missing = [index for index, task in enumerate(work.tasks) if not finished.is_done(task.name)]
    own = ranks.share(ranks.from_first(missing))
    if ranks.is_first and len(missing) < len(work.tasks):
        logger.info("%d clips are done, %d are left.", len(work.tasks) - len(missing), len(missing))
    is_awaited = ranks.is_first and work.model is not None  # the first video
    with progress("generating and scoring" if work.model else "scoring") as step:
        for number, index in enumerate(own, start=1):
            scored = evaluator.scored(work.tasks[index])
            finished.keep(work.tasks[index].name, scored)
            run.record(clip=work.tasks[index].name, **scored.rows[0].scores)
            if is_awaited and not scored.failure:
                is_awaited = False
                logger.info("The first video is there: %s.", run.videos / scored.rows[0].video)
            step(number, len(own))
    ranks.merged(own)


def _controls(work: Work, ranks: Ranks) -> dict[str, Any] | None:
    """Return the matrix of controls, the people shared among the ranks; None if it is not there."""
    if not work.people or work.model is None:
        return None
    reader = open_reader()
    own = ranks.share(work.people)
    with progress("moving the controls") as step:
        found = []
        for number, person in enumerate(own, start=1):
            try:
                found.append(movements_of(work.model, work.controls, person, reader))
            except TalkingFaceError as error:
                logger.warning("The controls cannot be moved on %s: %s", person[0].name, error)
            step(number, len(own))
    movements = [movement for of_person in ranks.merged(found) for movement in of_person]
    return matrix_of(movements, work.controls) if movements else None


def _set_scores(
    scorers: Sequence[Scorer], rows: Sequence[ClipScores], finished: FinishedClips
) -> SetScores:
    """Return the metrics that pool all clips of a subject, from what each clip adds."""
    scores: dict[tuple[Subject, str], SetScore] = {}
    for scorer in (one for one in scorers if one.kind.scope == "set"):
        for subject in SUBJECTS:
            metric = scorer.make()
            assert isinstance(metric, SetMetric), "a metric of the set is made of parts"
            clips = [row.clip for row in rows if row.subject == subject and not row.failure]
            parts = (finished.part(clip, subject, scorer.name) for clip in clips)
            num_clips = 0
            for part in parts:
                if part:
                    metric.take(part)
                    num_clips += 1
            if num_clips:
                scores[subject, scorer.name] = SetScore(metric.compute(), num_clips, metric.facts())
    return scores


def _beside(chosen: EvaluateSettings) -> tuple[Subject, ...]:
    """Return what is scored beside the method without making a clip again."""
    portrait = [one for one in chosen.baselines if one != SHUFFLED]
    return (*(("truth",) if chosen.truth else ()), *portrait)


def _not_beside(
    settings: Settings, work: Work, scorers: Sequence[Scorer], rows: Sequence[ClipScores]
) -> dict[Subject, str]:
    """Return what was wanted beside the method and has no score, with its reason."""
    reason = why_not_shuffled(settings, work, scorers, rows)
    return {SHUFFLED: reason} if reason else {}


def _digest(settings: Settings, work: Work, scorers: Sequence[Scorer]) -> str:
    """Return what is another text whenever a clip would have another score."""
    chosen = asdict(settings.evaluate)
    for name in ("limit", "resume", "controls", "control_people"):
        del chosen[name]
    versions = {one.name: [one.kind.version, dict(one.weights)] for one in scorers}
    decides = [chosen, versions, work.weights_sha256, work.dataset, settings.seed]
    text = json.dumps(decides, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _tell_of_missing(unavailable: Mapping[str, Unavailable]) -> None:
    for name, one in unavailable.items():
        logger.warning("%s is left out: %s", name, one.reason)


def _tell_of_gaps(results: Mapping[str, Any]) -> None:
    """Say which scores some clips do not have, such as one of landmarks where no face was found."""
    num_made = results["num_clips"] - len(results["failures"])
    for name, score in results["scores"].items():
        if score["num_clips"] < num_made:
            logger.warning(
                "%s has no score for %d of %d clips: they show nothing that it can score.",
                name,
                num_made - score["num_clips"],
                num_made,
            )
