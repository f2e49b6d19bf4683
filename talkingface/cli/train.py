"""The verb `train`: from settings to weights, or on from where a run was stopped."""

import logging
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from talkingface.cli.call import Call
from talkingface.cli.run import new_run, prepared_dataset

if TYPE_CHECKING:
    from lightning_fabric import Fabric

    from talkingface.engine.run_folder import RunFolder
    from talkingface.engine.training import Trained

logger = logging.getLogger(__name__)


def train(call: Call) -> int:
    """Train, and say where the weights lie."""
    fabric, trained = train_with(call)
    if fabric.is_global_zero and trained.weights is not None:
        print(f"Trained for {trained.step} steps.\nWeights: {trained.weights}")
    return trained.stopped_by or 0


def train_with(call: Call) -> "tuple[Fabric, Trained]":
    """Train as the settings of a call say; under torchrun this is one of the ranks."""
    from talkingface.engine.training import make_fabric, train_model

    spec = call.model()
    settings = call.resolved.settings
    monitor = call.registry.metrics.get(settings.train.monitor)
    fabric = make_fabric(settings)
    if not fabric.is_global_zero:
        logging.getLogger("talkingface").setLevel(logging.WARNING)
    with fabric.rank_zero_first():
        dataset = prepared_dataset(call)
    run = None
    if not settings.train.dry_run:
        made = _run_folder(call) if fabric.is_global_zero else None
        run = _shared(fabric, made)
    with run.logging() if run and fabric.is_global_zero else nullcontext():
        return fabric, train_model(fabric, spec, dataset, settings, run, monitor)


def _run_folder(call: Call) -> "RunFolder":
    """Return the folder of the run to go on with, or a new one."""
    from talkingface.engine.run_folder import RunFolder

    if call.resumed is not None:
        return RunFolder(call.resumed)
    return new_run(call, call.resolved, prepared_dataset(call))


def _shared(fabric: "Fabric", run: "RunFolder | None") -> "RunFolder":
    """Give every rank the folder that the first one made."""
    from talkingface.engine.run_folder import RunFolder

    return RunFolder(Path(fabric.broadcast(str(run.path) if run else "")))
