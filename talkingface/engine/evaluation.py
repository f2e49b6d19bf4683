"""One evaluation from settings to scores: builds what is named, runs it, and fills a run folder."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from talkingface.config.layers import Resolved
from talkingface.data.base import TalkingFaceDataset
from talkingface.engine.build import build_model
from talkingface.engine.evaluator import evaluate
from talkingface.engine.progress import progress
from talkingface.engine.run_folder import RunFolder
from talkingface.engine.scores import ClipScores, as_csv, as_json
from talkingface.errors import DataError
from talkingface.registry import MetricSpec, ModelSpec, imported_class
from talkingface.storage.atomic import write_json, write_text

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Evaluation:
    """What came out of an evaluation."""

    rows: Sequence[ClipScores]
    metrics: Sequence[MetricSpec]
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
    resolved: Resolved,
    spec: ModelSpec,
    dataset: TalkingFaceDataset,
    metrics: Sequence[MetricSpec],
    run: RunFolder,
) -> Evaluation:
    """Generate and score the clips that the settings name, and write all of it to the run folder.

    Raises:
        TalkingFaceError: Weights, a metric or every clip cannot be used.
    """
    settings = resolved.settings
    started = time.monotonic()
    torch.manual_seed(settings.seed)
    built = build_model(spec, settings)
    logger.info("%s with %s.", spec.name, built.weights)
    classes = {one.name: imported_class(one.metric, f"The metric {one.name}") for one in metrics}
    clips = dataset.clips(settings.evaluate.split)[: settings.evaluate.limit]
    if not clips:
        raise DataError(f"The {settings.evaluate.split} split has no clips.")
    with progress("generating and scoring") as step:
        rows = evaluate(built.model, spec.controls, clips, classes, run.videos, step)
    done = Evaluation(rows, metrics, time.monotonic() - started, run)
    about = {
        "model": spec.name,
        "weights": built.weights,
        "dataset": settings.dataset.name,
        "split": settings.evaluate.split,
        "fps": float(built.model.fps),
        "seconds": round(done.seconds, 2),
    }
    versions = {one: classes[one.name].version for one in metrics}
    write_json(run.results, as_json(rows, versions, about))
    write_text(run.per_clip, as_csv(rows, list(classes)))
    return done
