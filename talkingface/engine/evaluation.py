"""One evaluation from settings to scores: builds what is named, runs it, and fills a run folder."""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from talkingface.clip import Clip
from talkingface.config.settings import Settings
from talkingface.data.base import TalkingFaceDataset
from talkingface.engine.build import build_model, metric_makers
from talkingface.engine.devices import choose_device
from talkingface.engine.evaluator import evaluate
from talkingface.engine.framing import warn_of_another_place
from talkingface.engine.progress import progress
from talkingface.engine.ranks import Ranks
from talkingface.engine.run_folder import RunFolder
from talkingface.engine.scores import ClipScores, as_csv, as_json, summarize
from talkingface.errors import DataError, RunError
from talkingface.metrics.drawn_faces import shows_drawn_faces
from talkingface.registry import MetricSpec, ModelSpec, imported_class
from talkingface.storage.atomic import write_json, write_text

logger = logging.getLogger(__name__)

CURE = "Cut the faces out first: preprocess --dataset=PC_AVSDataset --input=FOLDER."


@dataclass(frozen=True)
class Evaluation:
    """What came out of an evaluation."""

    rows: Sequence[ClipScores]
    metrics: Sequence[MetricSpec]  # those that could be computed
    unavailable: Mapping[str, str]  # the others, each with its reason
    seconds: float
    run: RunFolder

    @property
    def num_failed(self) -> int:
        """Number of clips that could not be made."""
        return sum(bool(row.failure) for row in self.rows)

    @property
    def first_video(self) -> Path:
        """The first clip that could be made."""
        return next(self.run.videos / row.video for row in self.rows if row.video)


def evaluate_split(
    settings: Settings,
    spec: ModelSpec,
    dataset: TalkingFaceDataset,
    metrics: Sequence[MetricSpec],
    run: RunFolder,
    ranks: Ranks,
) -> Evaluation:
    """Generate and score the clips that the settings name, and write all of it to the run folder.

    Each rank works on its share of the clips; the tables are merged and written by the first.

    Raises:
        TalkingFaceError: Weights, a metric or every clip cannot be used.
    """
    started = time.monotonic()
    torch.manual_seed(settings.seed)
    built = build_model(spec, settings)
    logger.info("%s with %s.", spec.name, built.weights)
    makers, unavailable = metric_makers(metrics, str(choose_device(settings.device)))
    for name, reason in unavailable.items():
        logger.warning("%s is left out: %s", name, reason)
    clips = dataset.clips(settings.evaluate.split)[: settings.evaluate.limit]
    if not clips:
        raise DataError(f"The {settings.evaluate.split} split has no clips.")
    if spec.controls and ranks.is_first:
        _check_framing(clips[0])
    with progress("generating and scoring") as step:
        own = ranks.share(clips)
        rows = []
        for row in evaluate(built.model, spec.controls, own, makers, run.videos):
            rows.append(row)
            run.record(clip=row.clip, **row.scores)
            step(len(rows), len(own))
    rows = ranks.merged(rows)
    if rows and all(row.failure for row in rows):
        raise RunError(f"None of {len(rows)} clips could be made. The first: {rows[0].failure}")
    made = [one for one in metrics if one.name in makers]
    _tell_of_gaps(rows, made)
    done = Evaluation(rows, made, unavailable, time.monotonic() - started, run)
    about = {
        "model": spec.name,
        "weights": built.weights,
        "dataset": settings.dataset.name,
        "split": settings.evaluate.split,
        "fps": float(built.model.fps),
        "seconds": round(done.seconds, 2),
    }
    versions = {one: imported_class(one.metric, one.name).version for one in made}
    if not ranks.is_first:
        return done
    write_json(run.results, {**as_json(rows, versions, about), "unavailable": unavailable})
    write_text(run.per_clip, as_csv(rows, list(makers)))
    return done


def _check_framing(clip: Clip) -> None:
    """Warn when filmed faces lie where methods do not know them; drawn ones lie where they must."""
    if clip.frames is not None and not shows_drawn_faces(clip):
        warn_of_another_place(clip.frames.read(0, 1)[0], clip.name, CURE)


def _tell_of_gaps(rows: Sequence[ClipScores], metrics: Sequence[MetricSpec]) -> None:
    """Say which scores some clips do not have, such as one of landmarks where no face was found."""
    num_made = sum(not row.failure for row in rows)
    for metric in metrics:
        num_scored = summarize(rows, metric.name).num_clips
        if num_scored < num_made:
            logger.warning(
                "%s has no score for %d of %d clips: no frame of these has what it reads.",
                metric.name,
                num_made - num_scored,
                num_made,
            )
