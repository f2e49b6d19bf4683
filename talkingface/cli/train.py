"""The verb `train`: from settings to weights, or on from where a run was stopped."""

import logging
from contextlib import nullcontext
from typing import TYPE_CHECKING

from talkingface.cli.call import Call
from talkingface.cli.runs import new_run, prepared_dataset
from talkingface.engine.run_folder import RunFolder
from talkingface.errors import ConfigError

if TYPE_CHECKING:
    from talkingface.engine.training import Trained


def train(call: Call) -> int:
    """Train, and say where the weights lie."""
    from talkingface.engine.ranks import Ranks

    trained = train_with(call)
    if trained.weights is not None and Ranks().is_first:
        best = (
            ""
            if trained.weights_step == trained.step
            else f" (the best: step {trained.weights_step})"
        )
        print(f"Trained for {trained.step} steps{best}.\nWeights: {trained.weights}")
    return trained.stopped_by or 0


def train_with(call: Call) -> "Trained":
    """Train as the settings of a call say; under torchrun this is one of the ranks."""
    from talkingface.engine.ranks import Ranks
    from talkingface.engine.training import make_fabric, train_model

    spec = call.model()
    settings = call.resolved.settings
    if settings.train.validate_every and not spec.makes_video:
        raise ConfigError(
            f"A validation scores videos that the model makes, and {spec.name} makes none. Set "
            "train.validate_every=0."
        )
    monitor = call.registry.metrics.get(settings.train.monitor)
    fabric = make_fabric(spec, settings)
    ranks = Ranks()
    if not ranks.is_first:
        logging.getLogger("talkingface").setLevel(logging.WARNING)
    dataset = prepared_dataset(call, ranks)
    if call.resumed is not None:
        run = RunFolder(call.resumed)
    elif settings.train.dry_run:
        run = None
    else:
        facts = {"data_fingerprint": dataset.fingerprint()}
        run = new_run(call, call.resolved, ranks, settings.dataset.name, **facts)
    is_noted = run is not None and ranks.is_first and not settings.train.dry_run
    with run.logging() if run and is_noted else nullcontext():
        return train_model(fabric, spec, dataset, settings, run, monitor)
