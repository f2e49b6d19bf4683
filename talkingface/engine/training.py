"""One training from settings to weights: builds, resumes, watches, and exports the result."""

import logging
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import torch
from lightning_fabric import Fabric
from lightning_fabric.strategies.ddp import DDPStrategy
from lightning_fabric.strategies.strategy import Strategy
from torch import Tensor

from talkingface.clip import Clip
from talkingface.config.settings import Settings
from talkingface.data.base import TalkingFaceDataset
from talkingface.engine.batches import Slice, batches, names_in_batch
from talkingface.engine.build import architecture_of, new_model
from talkingface.engine.checkpoints import Checkpoints, load_checkpoint
from talkingface.engine.curves import Curves
from talkingface.engine.found_weights import RUN_FILE
from talkingface.engine.launch import Launch
from talkingface.engine.run_folder import RunFolder
from talkingface.engine.sharding import sharding_strategy, whole
from talkingface.engine.stages import stages_of
from talkingface.engine.stopping import StopRequest
from talkingface.engine.teachers import open_teachers
from talkingface.engine.trainer import StepReport, Trainer, Watcher
from talkingface.engine.validation import Validation
from talkingface.engine.watchers import (
    BadSamples,
    Keeper,
    Notes,
    Stopper,
    Together,
    memory_taken,
)
from talkingface.errors import (
    CheckpointError,
    ConfigError,
    DataError,
    RunError,
    TalkingFaceError,
)
from talkingface.registry import MetricSpec, ModelSpec, imported_class
from talkingface.storage.weights import Weights, WeightsHeader, write_weights

logger = logging.getLogger(__name__)

MOST_NAMES = 8  # of clips in a sentence
UNKNOWN_LICENCE = "as the data that it was trained on allows"


@dataclass(frozen=True)
class Trained:
    """How a training ended."""

    weights: Path | None  # None where it was stopped before its end, or was a dry run
    step: int
    weights_step: int = 0  # the step of the best checkpoint, where there was a validation
    stopped_by: int | None = None  # exit code of the signal that asked for the end


def make_fabric(spec: ModelSpec, settings: Settings) -> Fabric:
    """Return the engine for the devices of this process; under torchrun, for all ranks.

    Raises:
        ConfigError: The batch cannot be shared evenly.
    """
    train = settings.train
    launch = Launch.of_this_process()
    if train.batch_size % (launch.size * train.accumulate):
        raise ConfigError(
            f"train.batch_size={train.batch_size} cannot be shared by {launch.size} devices in "
            f"{train.accumulate} parts. Choose a multiple of {launch.size * train.accumulate}."
        )
    # A phase, or a stage in which some networks rest, gives no gradient to the others.
    phases = imported_class(spec.model, f"The model {spec.name}").phases
    some_rest = len(phases) > 1 or bool(train.stages)
    strategy: str | Strategy = "auto"
    if launch.size > 1 and train.strategy == "fsdp":
        strategy = sharding_strategy(launch.size)
    elif launch.size > 1:
        strategy = DDPStrategy(find_unused_parameters=some_rest)
    fabric = Fabric(
        accelerator=settings.device,
        devices=launch.local_size,
        num_nodes=launch.num_machines,
        strategy=strategy,
        precision=train.precision,
    )
    launch.join("nccl" if fabric.device.type == "cuda" else "gloo")
    fabric.launch()
    return fabric


def train_model(
    fabric: Fabric,
    spec: ModelSpec,
    dataset: TalkingFaceDataset,
    settings: Settings,
    run: RunFolder | None,
    monitor: MetricSpec,
) -> Trained:
    """Train, and write everything to the run folder; go on where it has a checkpoint.

    Without a folder, or as a dry run, one step is taken and nothing is written.

    Raises:
        ConfigError: The settings do not fit the method.
        DataError: The train split is empty.
        RunError: The training failed; the last good checkpoint is kept.
    """
    assert monitor.higher_is_better is not None
    torch.use_deterministic_algorithms(settings.train.deterministic)
    model = new_model(spec, settings)
    clips = dataset.clips("train")
    if not clips:
        raise DataError(f"The train split of {settings.dataset.name} has no clips.")
    model.start_training(clips, open_teachers(settings.train.teachers, fabric.device))
    stages = stages_of(model, settings.train)
    trainer = Trainer(fabric, model, stages, settings.train)
    if run is None or settings.train.dry_run:
        return _dry_run(trainer, clips, settings, run)
    with ExitStack() as stack:
        request = stack.enter_context(StopRequest().listening())
        curves = Curves(settings.train.curves if fabric.is_global_zero else "none", run.path)
        stack.callback(curves.close)
        validation = Validation(spec, dataset.clips("val"), monitor, settings, run, curves)
        last = stages[-1].end
        keeper = Keeper(
            Checkpoints(
                run.checkpoints,
                keep_every=settings.train.keep_every,
                higher_is_better=monitor.higher_is_better,
            ),
            settings.train,
            {"model_name": spec.name, "config": (run.path / "config.yaml").read_text()},
            validation if settings.train.validate_every else None,
            higher_is_better=monitor.higher_is_better,
            last=last,
        )
        if (last_checkpoint := Checkpoints(run.checkpoints).last) is not None:
            keeper.load_state(_resume(trainer, last_checkpoint, spec))
        if trainer.step >= last:
            logger.warning(
                "Nothing is left to do: %s has %d steps, and --train.steps asks for %d.",
                run.path,
                trainer.step,
                last,
            )
        watchers: list[Watcher] = [BadSamples(settings.train), keeper, Stopper(request, keeper)]
        if fabric.is_global_zero:
            notes = Notes(run, curves, settings.train, first=trainer.step, last=last)
            watchers.insert(0, notes)
        _run(trainer, clips, settings, run, Together(watchers))
        if request:
            return Trained(None, trainer.step, stopped_by=request.exit_code)
    last_step = trainer.step
    weights = _export(trainer, run, spec, settings, dataset.licence)
    return Trained(weights, last_step, weights_step=trainer.step)


def _run(
    trainer: Trainer, clips: Sequence[Clip], settings: Settings, run: RunFolder, watcher: Watcher
) -> None:
    """Train to the end; where a step fails, say which."""
    try:
        trainer.run(clips, settings.seed, watcher)
    except TalkingFaceError:
        raise  # it says itself what failed
    except Exception as error:
        _say_where(trainer, clips, settings, run)
        if trainer.fabric.world_size > 1 and "onnection" in str(error):
            raise RunError(
                f"Step {trainer.step + 1} failed: another process of this job has ended. Its "
                "own message says why; go on with train --resume, or let torchrun start the "
                "job again with --max-restarts."
            ) from error
        raise


def _say_where(trainer: Trainer, clips: Sequence[Clip], settings: Settings, run: RunFolder) -> None:
    """Say in which step a training breaks off, on what, and from where it can go on."""
    names = names_in_batch(clips, settings.seed, trainer.step, settings.train.batch_size)
    last = Checkpoints(run.checkpoints).last
    logger.error(
        "Step %d failed, on %s%s. %s",
        trainer.step + 1,
        ", ".join(names[:MOST_NAMES]),
        f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else "",
        f"The last checkpoint is {last}." if last else "There is no checkpoint yet.",
    )


def _resume(trainer: Trainer, checkpoint: Path, spec: ModelSpec) -> dict[str, object]:
    """Go on from a checkpoint; return all that it holds."""
    state = load_checkpoint(checkpoint)
    if state.get("model_name") != spec.name:
        raise CheckpointError(
            f"{checkpoint} was made for {state.get('model_name')!r}; this run is {spec.name!r}. "
            f"Choose --model={state.get('model_name')}."
        )
    try:
        trainer.load_state(state)
    except (RuntimeError, KeyError, ValueError) as error:
        raise CheckpointError(
            f"{checkpoint} does not fit these settings: {error}. Go on with the run's own "
            "config.yaml."
        ) from error
    logger.info("Going on from step %d of %s.", trainer.step, checkpoint.parent.parent)
    return state


def _export(
    trainer: Trainer, run: RunFolder, spec: ModelSpec, settings: Settings, dataset_licence: str
) -> Path:
    """Write the averaged weights, those of the best checkpoint where there is one."""
    path = run.path / RUN_FILE
    best = Checkpoints(run.checkpoints).best
    if best is not None:
        trainer.load_state(load_checkpoint(best))
    with trainer.averages.applied(trainer.model):
        tensors = for_generating(whole(trainer.model.state_dict()), trainer.model.training_only)
        if trainer.fabric.is_global_zero:
            header = WeightsHeader(
                spec.name,
                settings.train.export_as,
                dataset_licence or UNKNOWN_LICENCE,
                architecture_of(settings.model),
            )
            is_demo = settings.train.export_as == "demo"
            write_weights(path, Weights(header, halved(tensors) if is_demo else tensors))
    trainer.fabric.barrier()
    return path


def for_generating(
    tensors: Mapping[str, Tensor], training_only: Sequence[str]
) -> dict[str, Tensor]:
    """Return the tensors without those that training alone needs, given as patterns of names."""
    return {
        name: tensor
        for name, tensor in tensors.items()
        if not any(fnmatchcase(name, pattern) for pattern in training_only)
    }


def halved(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the tensors in half precision, which is enough to show what a method does."""
    return {
        name: tensor.half() if tensor.is_floating_point() else tensor
        for name, tensor in tensors.items()
    }


def _dry_run(
    trainer: Trainer, clips: Sequence[Clip], settings: Settings, run: RunFolder | None
) -> Trained:
    class OneStep:
        def after_step(self, trainer: Trainer, report: StepReport) -> bool:
            losses = ", ".join(f"{name} {float(loss):.4g}" for name, loss in report.losses.items())
            logger.info("One step was taken: %s.", losses)
            return True

    last = Checkpoints(run.checkpoints).last if run else None
    if last is not None:
        trainer.load_state(load_checkpoint(last))
        logger.info("As if going on from step %d of %s.", trainer.step, last.parent.parent)
    trainer.run(clips, settings.seed, OneStep())
    num_parameters = sum(one.numel() for one in trainer.model.parameters())
    preparation = trainer.model.preparation_for(trainer.stages[0].phases)
    first = next(batches(clips, preparation, Slice(0, 0, 1, 1)))
    num_bytes = sum(one.numel() * one.element_size() for one in first.batch.values())
    logger.info(
        "%.2f M parameters, %s at most, %.1f MB of data an example, %d steps in %d stages, to be "
        "written to %s. Nothing was written.",
        num_parameters / 1e6,
        memory_taken(trainer),
        num_bytes / 1e6,
        trainer.stages[-1].end,
        len(trainer.stages),
        run.path if run else settings.runs_folder,
    )
    return Trained(None, trainer.step)
