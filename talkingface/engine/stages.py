"""The stages of a training: what learns in each, by which losses, at what rate, how long."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from talkingface.config.settings import Schedule, StageSettings, TrainSettings
from talkingface.engine.schedule import rate_factor
from talkingface.errors import ConfigError, did_you_mean
from talkingface.models.base import TalkingFaceModel


@dataclass(frozen=True)
class Stage:
    """One stage with all that it leaves out filled in."""

    name: str
    first_step: int  # of the whole training
    steps: int
    phases: tuple[str, ...]
    learns: tuple[str, ...]
    learning_rate: float
    rate_scale: Mapping[str, float]
    schedule: Schedule
    loss_weights: Mapping[str, float]
    starts_from: str | None

    @property
    def end(self) -> int:
        """The step of the whole training at which this stage is done."""
        return self.first_step + self.steps

    def total(self, losses: Mapping[str, Tensor]) -> Tensor:
        """Return the weighted sum of named losses."""
        weighted = [self.loss_weights.get(name, 1.0) * loss for name, loss in losses.items()]
        return torch.stack(weighted).sum()


def stages_of(model: TalkingFaceModel, train: TrainSettings) -> tuple[Stage, ...]:
    """Return the stages that the settings ask for, one where they name none.

    Raises:
        ConfigError: A stage names a phase, a network or a loss that the method does not have, or
            the method has nothing to learn.
    """
    method = model.settings.name or type(model).__name__
    if not model.phases:
        raise ConfigError(f"{method} has nothing to learn. Evaluate it, or choose another model.")
    networks = list(model.networks)
    _check_names(train.every, model.phases, f"train.every names a phase that {method} has not")
    _check_names(train.rate_scale, networks, f"train.rate_scale names a network {method} has not")
    _check_names(train.ema_parts, networks, f"train.ema_parts names a network {method} has not")
    _check_losses(train.loss_weights, model, f"train.loss_weights names a loss {method} has not")
    stages: list[Stage] = []
    for given in train.stages or (StageSettings("all", steps=train.steps),):
        where = f"The stage {given.name!r} names"
        _check_names(given.phases, model.phases, f"{where} a phase that {method} has not")
        _check_names(given.rate_scale, networks, f"{where} a network that {method} has not")
        _check_names(given.learns, networks, f"{where} a network that {method} has not")
        _check_losses(given.loss_weights, model, f"{where} a loss that {method} has not")
        stages.append(
            Stage(
                name=given.name or f"stage {len(stages) + 1}",
                first_step=stages[-1].end if stages else 0,
                steps=given.steps,
                phases=given.phases or model.phases,
                learns=given.learns,
                learning_rate=(
                    train.learning_rate if given.learning_rate is None else given.learning_rate
                ),
                rate_scale={**train.rate_scale, **given.rate_scale},
                schedule=given.schedule or train.schedule,
                loss_weights={**train.loss_weights, **given.loss_weights},
                starts_from=given.starts_from,
            )
        )
    return tuple(stages)


def optimizer_of(
    model: TalkingFaceModel, phase: str, stage: Stage, train: TrainSettings
) -> torch.optim.Optimizer:
    """Return the optimizer of a phase: one group for each network, with its own rate.

    Raises:
        ConfigError: Nothing that this phase updates learns in this stage.
    """
    updated = {id(parameter) for parameter in model.parameters_of(phase)}
    groups = []
    for network, module in _networks(model):
        if stage.learns and network not in stage.learns:
            continue
        parameters = [one for one in module if id(one) in updated]
        if parameters:
            scale = stage.rate_scale.get(network, 1.0)
            groups.append({"params": parameters, "base_rate": stage.learning_rate * scale})
    if not groups:
        raise ConfigError(
            f"In the stage {stage.name!r} nothing that the phase {phase!r} updates learns. "
            "Leave the phase out of the stage, or name a network of it under `learns`."
        )
    first, second = train.betas
    return torch.optim.AdamW(
        groups,
        lr=stage.learning_rate,
        betas=(first, second),
        weight_decay=train.weight_decay,
    )


def set_rate(
    optimizer: torch.optim.Optimizer, step: int, stage: Stage, train: TrainSettings
) -> float:
    """Set the learning rate for a step of the whole training; return the factor on the base."""
    factor = rate_factor(
        step - stage.first_step,
        stage.steps,
        warmup_steps=train.warmup_steps,
        schedule=stage.schedule,
    )
    for group in optimizer.param_groups:
        group["lr"] = group["base_rate"] * factor
    return factor


@contextmanager
def learning_only(model: nn.Module, optimizer: torch.optim.Optimizer) -> Iterator[None]:
    """Let gradients flow to what the optimizer updates, and stop at everything else."""
    updated = {id(one) for group in optimizer.param_groups for one in group["params"]}
    resting = [one for one in model.parameters() if one.requires_grad and id(one) not in updated]
    for parameter in resting:
        parameter.requires_grad_(False)
    try:
        yield
    finally:
        for parameter in resting:
            parameter.requires_grad_(True)


def _networks(model: TalkingFaceModel) -> Iterator[tuple[str, list[nn.Parameter]]]:
    """Yield each network's name and parameters; those outside all of them have an empty name."""
    inside = {name: list(network.parameters()) for name, network in model.networks.items()}
    known = {id(one) for parameters in inside.values() for one in parameters}
    yield "", [one for one in model.parameters() if id(one) not in known]
    yield from inside.items()


def _check_losses(weights: Mapping[str, float], model: TalkingFaceModel, what: str) -> None:
    if model.loss_names:
        _check_names(weights, model.loss_names, what)


def _check_names(
    names: Sequence[str] | Mapping[str, object], known: Sequence[str], what: str
) -> None:
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known)
            raise ConfigError(f"{what}: {name!r}.{hint} Known: {', '.join(known) or 'none'}.")
