"""A look at how well a method does while it trains: a few clips, made and scored."""

import logging
import math
import tempfile
from collections.abc import Sequence
from functools import partial
from itertools import islice
from pathlib import Path

import torch

from talkingface.clip import Clip
from talkingface.config.settings import Settings
from talkingface.engine.curves import Curves
from talkingface.engine.evaluator import Evaluator
from talkingface.engine.protocols import self_trial
from talkingface.engine.run_folder import RunFolder
from talkingface.engine.scorers import scorers_of
from talkingface.engine.scores import ClipScores, summarize
from talkingface.engine.trainer import Trainer
from talkingface.engine.trials import Task
from talkingface.media.frames import open_frames
from talkingface.registry import MetricSpec, ModelSpec

logger = logging.getLogger(__name__)


class Validation:
    """Generates and scores a few clips of the val split with the averaged weights."""

    def __init__(
        self,
        spec: ModelSpec,
        clips: Sequence[Clip],
        monitor: MetricSpec,
        settings: Settings,
        run: RunFolder,
        curves: Curves,
    ) -> None:
        self._spec, self._settings, self._run = spec, settings, run
        self._clips = clips[: settings.train.validate_clips]
        self._monitor = monitor
        self._curves = curves

    def __call__(self, trainer: Trainer) -> float:
        """Return the score, the same on every rank.

        The random numbers of training go on as if there had been no validation.
        """
        if trainer.is_sharded:  # every rank holds a part of the networks that generate
            with tempfile.TemporaryDirectory() as elsewhere:
                first = trainer.fabric.is_global_zero
                return self._score(trainer, self._samples(trainer) if first else Path(elsewhere))
        score = torch.tensor(math.nan, device=trainer.fabric.device)
        if trainer.fabric.is_global_zero:
            score.fill_(self._score(trainer, self._samples(trainer)))
        return float(trainer.fabric.broadcast(score))

    def _samples(self, trainer: Trainer) -> Path:
        videos = self._run.path / "samples" / f"step-{trainer.step:08d}"
        videos.mkdir(parents=True, exist_ok=True)
        return videos

    def _score(self, trainer: Trainer, videos: Path) -> float:
        scorers, _ = scorers_of([self._monitor])
        tasks = [
            Task(clip.name, partial(self_trial, clip, self._spec.controls)) for clip in self._clips
        ]
        trainer.model.eval()
        with trainer.averages.applied(trainer.model), torch.random.fork_rng():
            torch.manual_seed(self._settings.seed)
            evaluator = Evaluator(trainer.model, scorers, videos)
            rows = [row for task in tasks for row in evaluator.scored(task).rows]
        score = summarize(rows, self._monitor.name).mean
        if trainer.fabric.is_global_zero:
            self._note(trainer, score, rows, videos)
        return score

    def _note(
        self, trainer: Trainer, score: float, rows: Sequence[ClipScores], videos: Path
    ) -> None:
        logger.info("step %d: %s %.4f on val", trainer.step, self._monitor.name, score)
        self._run.record(step=trainer.step, **{f"val/{self._monitor.name}": score})
        self._curves.numbers(trainer.step, {f"val/{self._monitor.name}": score})
        if video := next((row.video for row in rows if row.video), None):
            frames = open_frames(videos / video)
            middle = next(islice(frames, len(frames) // 2, None))
            self._curves.picture(trainer.step, "val/middle frame", middle)
