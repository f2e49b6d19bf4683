"""The loop that trains any method: draw a batch, update phase by phase, average, look, save.

The method names its losses; the trainer weighs and sums them. What happens beside the updates
(curves, checkpoints, validation) is a `Watcher`'s work, so that the loop can be read.
"""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

import torch
from lightning_fabric import Fabric
from torch import Tensor

from talkingface.clip import Clip
from talkingface.config.settings import TrainSettings
from talkingface.engine.averages import AveragedWeights
from talkingface.engine.batches import Read, Slice, batches
from talkingface.engine.build import load_start
from talkingface.engine.random_state import random_state, restore_random_state
from talkingface.engine.sharding import (
    is_sharded,
    load_optimizer_state,
    load_whole,
    optimizer_state,
    whole,
)
from talkingface.engine.stages import Stage, learning_only, optimizer_of, set_rate
from talkingface.errors import CheckpointError, RunError
from talkingface.models.base import Batch, TalkingFaceModel

MAX_STEPS_WITHOUT_NUMBER = 3  # steps in a row whose loss is not finite, before training stops


@dataclass(frozen=True)
class StepReport:
    """What one step did."""

    step: int  # of the whole training, counted from 1
    stage: Stage
    losses: Mapping[str, Tensor]  # unweighted, by ``phase/name``
    rate_factor: float
    bad: tuple[str, ...]


class Watcher(Protocol):
    """What is told of each step, and may end the training."""

    def after_step(self, trainer: "Trainer", report: StepReport) -> bool:
        """Look at a step. True ends the training."""
        ...


class Trainer:
    """Trains one model on one device, as one of the ranks that Fabric knows of."""

    def __init__(
        self, fabric: Fabric, model: TalkingFaceModel, stages: Sequence[Stage], train: TrainSettings
    ) -> None:
        self.fabric = fabric
        self.model = model  # the bare model; updates go through the wrapped one
        self.stages = stages
        self.train = train
        self.step = 0
        self._wrapped = fabric.setup_module(model)
        self._wrapped.mark_forward_method("losses")
        self.is_sharded = is_sharded(model)
        averaged = [model.networks[name] for name in train.ema_parts]
        self.averages = AveragedWeights(model, train.ema_decay, averaged)
        self._optimizers: dict[str, torch.optim.Optimizer] = {}
        self._resumed_optimizers: Mapping[str, Any] = {}
        self._steps_without_number: dict[str, int] = {}  # by phase

    def run(self, clips: Sequence[Clip], seed: int, watcher: Watcher) -> None:
        """Train to the end of the last stage, from wherever `load_state` left off.

        Raises:
            RunError: A loss was not a number for three steps in a row.
        """
        for stage in self.stages:
            if self.step >= stage.end:
                continue
            self._enter(stage)
            part = Slice(
                seed,
                first_batch=self.step,
                num_batches=stage.end - self.step,
                batch_size=self.train.batch_size,
                rank=self.fabric.global_rank,
                num_ranks=self.fabric.world_size,
            )
            preparation = self.model.preparation_for(stage.phases)
            for read in batches(clips, preparation, part, self.train.num_workers):
                report = self._take_step(stage, read)
                if self.any_rank(watcher.after_step(self, report)):
                    return

    def state(self) -> dict[str, Any]:
        """Return everything that decides how the training goes on, as tensors and plain values."""
        return {
            "model": whole(self.model.state_dict()),
            "averages": whole(self.averages.state_dict()),
            "optimizers": {
                name: optimizer_state(self.model, one) for name, one in self._optimizers.items()
            },
            "precision": self.fabric.strategy.precision.state_dict(),
            "step": self.step,  # tells the stage, the rate and the position in the data as well
            "random": self._random_states(),
        }

    def load_state(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state` gave."""
        load_whole(self.model, state["model"])
        self.averages.load_state_dict(state["averages"])
        self.fabric.strategy.precision.load_state_dict(state["precision"])
        self.step = state["step"]
        self._resumed_optimizers = state["optimizers"]
        if self.fabric.global_rank < len(state["random"]):
            restore_random_state(state["random"][self.fabric.global_rank])

    def _enter(self, stage: Stage) -> None:
        if stage.starts_from and self.step == stage.first_step:
            load_start(self.model, Path(stage.starts_from))
        self._optimizers = {}
        for phase in stage.phases:
            optimizer = optimizer_of(self.model, phase, stage, self.train)
            self._optimizers[phase] = cast(
                "torch.optim.Optimizer", self.fabric.setup_optimizers(optimizer)
            )
        if self.step > stage.first_step:
            if self._resumed_optimizers.keys() - self._optimizers.keys():
                raise CheckpointError(
                    f"The checkpoint was made in the middle of a stage with the phases "
                    f"{', '.join(self._resumed_optimizers)}; step {self.step} is now in the stage "
                    f"{stage.name!r} with {', '.join(self._optimizers)}. Go on with the stages of "
                    "the run's own config.yaml."
                )
            for phase, state in self._resumed_optimizers.items():
                load_optimizer_state(self.model, self._optimizers[phase], state)
        self._resumed_optimizers = {}

    def _take_step(self, stage: Stage, read: Read) -> StepReport:
        self._wake(stage)
        batch: Batch = self.fabric.to_device(dict(read.batch))
        losses: dict[str, Tensor] = {}
        factor = 1.0
        for phase, optimizer in self._optimizers.items():
            if self.step % self.train.every.get(phase, 1):
                continue
            factor = set_rate(optimizer, self.step, stage, self.train)
            found = self._update(phase, batch, stage, optimizer)
            losses |= {f"{phase}/{name}": loss for name, loss in found.items()}
        self.averages.update(self.model)
        self.step += 1
        return StepReport(self.step, stage, self._over_ranks(losses), factor, read.bad)

    def _wake(self, stage: Stage) -> None:
        """Put what learns in training mode; what rests is used as it will be used later."""
        self.model.train()
        for name, network in self.model.networks.items():
            if stage.learns and name not in stage.learns:
                network.eval()

    def _over_ranks(self, losses: dict[str, Tensor]) -> dict[str, Tensor]:
        """Return the losses of the whole batch, of which each rank has seen a part."""
        if self.fabric.world_size == 1:
            return losses
        together = torch.stack(list(losses.values()))
        mean = cast("Tensor", self.fabric.all_reduce(together, reduce_op="mean"))
        return dict(zip(losses, mean, strict=True))

    def _update(
        self, phase: str, batch: Batch, stage: Stage, optimizer: torch.optim.Optimizer
    ) -> dict[str, Tensor]:
        """Update what one phase trains; return its losses, the mean over the parts of the batch."""
        parts = _split(batch, self.train.accumulate)
        found: dict[str, Tensor] = {}
        optimizer.zero_grad(set_to_none=True)
        # Split weights cannot be told to rest; their gradients are dropped before they are used.
        rest = nullcontext() if self.is_sharded else learning_only(self.model, optimizer)
        with rest:
            for index, part in enumerate(parts):
                waits = index < len(parts) - 1
                with self.fabric.no_backward_sync(self._wrapped, enabled=waits):
                    losses = self._wrapped.losses(phase, part)
                    self.fabric.backward(stage.total(losses) / len(parts))
                for name, loss in losses.items():
                    found[name] = found.get(name, 0) + loss.detach() / len(parts)
        if self._is_a_number(phase, found, stage):
            if self.train.clip_norm is not None:
                self.fabric.clip_gradients(
                    self._wrapped,
                    optimizer,
                    max_norm=self.train.clip_norm,
                    error_if_nonfinite=False,
                )
            optimizer.step()
        return found

    def _is_a_number(self, phase: str, losses: Mapping[str, Tensor], stage: Stage) -> bool:
        """Return whether the loss is finite on every device; where not, the update is left out.

        Raises:
            RunError: It was not for three steps in a row.
        """
        is_finite = torch.isfinite(stage.total(losses))
        if not self.any_rank(not bool(is_finite)):
            self._steps_without_number[phase] = 0
            return True
        self._steps_without_number[phase] = self._steps_without_number.get(phase, 0) + 1
        if self._steps_without_number[phase] >= MAX_STEPS_WITHOUT_NUMBER:
            guilty = [name for name, loss in losses.items() if not torch.isfinite(loss)]
            raise RunError(
                f"In step {self.step + 1} the loss {', '.join(guilty) or 'of another device'} of "
                f"the phase {phase!r} is not a number, for {MAX_STEPS_WITHOUT_NUMBER} steps in a "
                "row. Lower train.learning_rate, or limit train.clip_norm; the last checkpoint is "
                "from before."
            )
        return False

    def any_rank(self, happened: bool) -> bool:
        """Return whether something happened on any rank: all must do the same."""
        if self.fabric.world_size == 1:
            return happened
        flag = torch.tensor(float(happened), device=self.fabric.device)
        return bool(self.fabric.all_reduce(flag, reduce_op="max"))

    def _random_states(self) -> list[dict[str, Any]]:
        """Return the random state of every rank, so that each can go on with its own."""
        if self.fabric.world_size == 1:
            return [random_state()]
        states: list[Any] = [None] * self.fabric.world_size
        torch.distributed.all_gather_object(states, random_state())
        return states


def _split(batch: Batch, parts: int) -> list[Batch]:
    if parts == 1:
        return [batch]
    chunks = {key: tensor.chunk(parts) for key, tensor in batch.items()}
    return [{key: chunk[index] for key, chunk in chunks.items()} for index in range(parts)]
