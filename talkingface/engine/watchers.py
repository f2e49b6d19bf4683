"""What happens beside the updates of a training: notes, checkpoints, looks at the result."""

import logging
import math
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from tqdm import tqdm

from talkingface.config.settings import TrainSettings
from talkingface.engine.checkpoints import Checkpoints
from talkingface.engine.curves import Curves
from talkingface.engine.json_lines import with_figures
from talkingface.engine.progress import Seldom, duration, shows_bar
from talkingface.engine.run_folder import RunFolder
from talkingface.engine.stopping import StopRequest
from talkingface.engine.trainer import StepReport, Trainer, Watcher
from talkingface.errors import RunError

logger = logging.getLogger(__name__)

FEWEST_TO_JUDGE = 200  # examples; a share of fewer would say little


@dataclass(frozen=True)
class Together:
    """Several watchers; the training ends when one of them says so."""

    watchers: Sequence[Watcher]

    def after_step(self, trainer: Trainer, report: StepReport) -> bool:
        """Show the step to each."""
        answers = [watcher.after_step(trainer, report) for watcher in self.watchers]
        return any(answers)


class Notes:
    """Writes losses and speed: to ``metrics.jsonl``, to the curves, to the terminal or log."""

    def __init__(
        self, run: RunFolder, curves: Curves, train: TrainSettings, *, first: int, last: int
    ) -> None:
        self._run, self._curves, self._train = run, curves, train
        self._sums: dict[str, Tensor] = {}
        self._counts: dict[str, int] = {}
        self._first, self._last = first, last
        self._since = (time.monotonic(), first)
        self._lines = Seldom()
        self._bar = tqdm(total=last, initial=first, leave=False) if shows_bar() else None

    def after_step(self, trainer: Trainer, report: StepReport) -> bool:
        """Add the step to the averages, and note them when it is time."""
        for name, loss in report.losses.items():
            self._sums[name] = self._sums.get(name, torch.zeros_like(loss)) + loss
            self._counts[name] = self._counts.get(name, 0) + 1
        if self._bar is not None:
            self._bar.update(report.step - self._bar.n)
        if report.step % self._train.log_every == 0 or report.step == self._last:
            self._note(trainer, report)
        return False

    def _note(self, trainer: Trainer, report: StepReport) -> None:
        values = {name: float(total) / self._counts[name] for name, total in self._sums.items()}
        self._sums, self._counts = {}, {}
        then, step_then = self._since
        now = time.monotonic()
        self._since = (now, report.step)
        steps_a_second = (report.step - step_then) / max(now - then, 1e-9)
        speed = {
            "learning_rate": report.stage.learning_rate * report.rate_factor,
            "samples_a_second": steps_a_second * self._train.batch_size,
        }
        finite = {name: value for name, value in values.items() if math.isfinite(value)}
        self._run.record(step=report.step, stage=report.stage.name, **finite, **speed)
        self._curves.numbers(report.step, {**finite, **speed})
        losses = ", ".join(f"{name} {value:.4g}" for name, value in values.items())
        seconds_left = (self._last - report.step) / steps_a_second
        line = (
            f"step {report.step} of {self._last} ({report.stage.name}): {losses}; "
            f"{speed['samples_a_second']:.0f} samples/s, {memory_taken(trainer)}, "
            f"{duration(seconds_left)} left"
        )
        if self._bar is not None:
            self._bar.set_postfix_str(losses)
            logger.debug(line)
        elif self._lines.are_due() or report.step == self._last:
            where = {"step": report.step, "steps": self._last, "stage": report.stage.name}
            logger.info(
                line, extra=with_figures(**where, seconds_left=seconds_left, **finite, **speed)
            )


class BadSamples:
    """Counts unreadable examples, logs each with its path, and stops when there are too many."""

    def __init__(self, train: TrainSettings) -> None:
        self._train = train
        self._num_bad = 0
        self._num_seen = 0

    def after_step(self, trainer: Trainer, report: StepReport) -> bool:
        """Count.

        Raises:
            RunError: The share of bad examples is above the limit.
        """
        for sentence in report.bad:
            logger.warning("An example was replaced: %s", sentence)
        self._num_bad += len(report.bad)
        self._num_seen += self._train.batch_size // trainer.fabric.world_size
        allowed = self._train.max_bad_samples * max(self._num_seen, FEWEST_TO_JUDGE)
        if self._num_bad > allowed:
            raise RunError(
                f"{self._num_bad} of {self._num_seen} examples could not be read, more than "
                f"train.max_bad_samples={self._train.max_bad_samples:g} allows. The last: "
                f"{report.bad[-1]} log.txt has them all."
            )
        return False


class Keeper:
    """Saves checkpoints, validates, and says when there is nothing more to gain."""

    def __init__(
        self,
        checkpoints: Checkpoints,
        train: TrainSettings,
        extra: dict[str, object],
        validate: Callable[[Trainer], float] | None,
        *,
        higher_is_better: bool,
        last: int,
    ) -> None:
        self._checkpoints, self._train, self._extra = checkpoints, train, extra
        self._validate = validate
        self._higher_is_better = higher_is_better
        self._last = last
        self._best = math.nan
        self._num_without_gain = 0
        self._saved_at = time.monotonic()

    def after_step(self, trainer: Trainer, report: StepReport) -> bool:
        """Validate and save when it is time; True when patience is at its end."""
        is_last = report.step == self._last
        score = None
        if self._validate and self._is_due(self._train.validate_every, report.step, is_last):
            score = self._validate(trainer)
            self._judge(score)
        is_due = self._is_due(self._train.save_every, report.step, is_last)
        if score is not None or trainer.any_rank(is_due or self._is_long_ago()):
            self.save(trainer, score)
        is_patient = not self._train.patience or self._num_without_gain < self._train.patience
        if not is_patient:
            logger.info("No better score for %d validations: done.", self._num_without_gain)
        return not is_patient

    def save(self, trainer: Trainer, score: float | None = None) -> None:
        """Save all that the training needs to go on; the first rank writes.

        Raises:
            RunError: A weight is not a number: the last good checkpoint is kept instead.
        """
        state = trainer.state()
        self._saved_at = time.monotonic()
        if not trainer.fabric.is_global_zero:
            return
        for name, tensor in state["model"].items():
            if tensor.is_floating_point() and not torch.isfinite(tensor).all():
                raise RunError(
                    f"After step {trainer.step} the weight {name} is not a number. The last "
                    "checkpoint is from before; lower train.learning_rate or limit "
                    "train.clip_norm."
                )
        standing = {"best_score": self._best, "num_without_gain": self._num_without_gain}
        self._checkpoints.save({**state, **standing, **self._extra}, trainer.step, score)

    def load_state(self, state: dict[str, object]) -> None:
        """Go on from what a checkpoint says of the best score."""
        self._best = float(state["best_score"])  # type: ignore[arg-type]  # a plain number
        self._num_without_gain = int(state["num_without_gain"])  # type: ignore[call-overload]

    def _judge(self, score: float) -> None:
        if math.isnan(score):
            return
        gain = score - self._best if self._higher_is_better else self._best - score
        if math.isnan(self._best) or gain > 0:
            self._best, self._num_without_gain = score, 0
        else:
            self._num_without_gain += 1

    def _is_long_ago(self) -> bool:
        return time.monotonic() - self._saved_at >= 60 * self._train.save_minutes

    @staticmethod
    def _is_due(every: int, step: int, is_last: bool) -> bool:
        return bool(every) and (is_last or step % every == 0)


@dataclass(frozen=True)
class Stopper:
    """Ends the training after the step in which someone asked for it, with all saved."""

    request: StopRequest
    keeper: Keeper

    def after_step(self, trainer: Trainer, report: StepReport) -> bool:
        """Save and end when a stop was asked for on any rank."""
        if trainer.any_rank(bool(self.request)):
            logger.info("Stopping after step %d, as asked; all is saved.", report.step)
            self.keeper.save(trainer)
            return True
        return False


def memory_taken(trainer: Trainer) -> str:
    """Say the most memory that the training has taken: the GPU's, or else this process's."""
    if trainer.fabric.device.type == "cuda":
        return f"{torch.cuda.max_memory_allocated(trainer.fabric.device) / 2**30:.1f} GiB"
    try:
        import resource
    except ImportError:  # Windows does not say
        return "memory not known"
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, KiB on Linux
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    return f"{peak / 2**30:.1f} GiB"
