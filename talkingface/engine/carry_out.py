"""Carries out what is asked for: a training, an evaluation, the making of videos."""

import logging
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from talkingface.engine.assignment import Assignment
from talkingface.engine.build import load_model
from talkingface.engine.evaluation import Evaluation
from talkingface.engine.evaluation import evaluate as score
from talkingface.engine.onnx_files import Written, write_onnx
from talkingface.engine.ranks import Ranks
from talkingface.engine.run_folder import RunFolder
from talkingface.engine.scorers import named_metrics
from talkingface.engine.work import work_of_files, work_of_model
from talkingface.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from talkingface.engine.training import Trained

logger = logging.getLogger(__name__)


def train(asked: Assignment) -> "Trained":
    """Train as the settings say; under torchrun this is one of the ranks.

    Raises:
        TalkingFaceError: The settings do not fit, or the training failed.
    """
    # Fabric brings PyTorch's compiler along, more than a second that nothing else here needs.
    from talkingface.engine.training import make_fabric, train_model

    spec, settings = asked.model(), asked.settings
    if settings.train.validate_every and not spec.makes_video:
        raise ConfigError(
            f"A validation scores videos that the model makes, and {spec.name} makes none. Set "
            "train.validate_every=0."
        )
    monitor = asked.registry.metrics.get(settings.train.monitor)
    if monitor.higher_is_better is None:
        raise ConfigError(
            f"train.monitor={monitor.name} cannot tell the better of two steps: it is best at 0, "
            "between others. Choose a score that is better the higher, or the lower, it is."
        )
    fabric = make_fabric(spec, settings)
    ranks = Ranks()
    if not ranks.is_first:
        logging.getLogger("talkingface").setLevel(logging.WARNING)
    dataset = asked.prepared_dataset(ranks)
    if asked.resumed is not None:
        run = RunFolder(asked.resumed)
    elif settings.train.dry_run:
        run = None
    else:
        facts = {"data_fingerprint": dataset.fingerprint()}
        run = asked.new_run(ranks, settings.dataset.name, **facts)
    is_noted = run is not None and ranks.is_first and not settings.train.dry_run
    with run.logging() if run and is_noted else nullcontext():
        trained = train_model(fabric, spec, dataset, settings, run, monitor)
        if trained.weights is not None and spec.makes_video:
            logger.info("A video with them: %s", asked.generating_with(trained.weights))
        return trained


def evaluate(asked: Assignment, ranks: Ranks) -> Evaluation | None:
    """Score one method, or videos from anywhere; None on ranks that do not write the tables.

    Raises:
        TalkingFaceError: What is needed is not there, or no clip could be scored.
    """
    settings = asked.settings
    chosen = settings.evaluate
    metrics = named_metrics(chosen.metrics, asked.registry.metrics)
    if chosen.generated is not None:
        run = _run(asked, ranks, "files")
        with run.logging():
            return score(settings, work_of_files(chosen), metrics, run, ranks)
    if chosen.reference is not None:
        raise UsageError("--reference is what --generated=FOLDER is compared with. Write both.")
    spec = asked.video_model()
    dataset = None if chosen.clip_list is not None else asked.prepared_dataset(ranks)
    facts = {} if dataset is None else {"data_fingerprint": dataset.fingerprint()}
    run = _run(asked, ranks, settings.dataset.name or "list", **facts)
    with run.logging():
        work = work_of_model(settings, spec, dataset, ranks)
        return score(settings, work, metrics, run, ranks)


def export(asked: Assignment, folder: Path) -> Iterator[Written]:
    """Write the parts of a method for other programs, and yield each.

    Raises:
        TalkingFaceError: What is needed is not there, or a file differs from torch.
    """
    built = load_model(asked.model(), asked.settings)
    logger.info("%s with %s.", asked.model().name, built.weights)
    which = built.weights.partition(": ")[0]  # without the place
    yield from write_onnx(built.model, folder, {"model": asked.model().name, "weights": which})


def _run(asked: Assignment, ranks: Ranks, purpose: str, **facts: object) -> RunFolder:
    """Return the folder of an evaluation: a new one, or that in which it goes on."""
    if asked.resumed is not None:
        return RunFolder(asked.resumed)
    return asked.new_run(ranks, purpose, **facts)
