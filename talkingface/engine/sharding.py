"""Splits a model's weights among devices (FSDP), and gathers and hands out whole states again.

A weight that is split is a `DTensor`; one that is not is an ordinary tensor, and everything here
leaves it as it is. What gathers must be called by every rank.
"""

from collections.abc import Mapping
from typing import Any

import torch
from lightning_fabric.strategies.model_parallel import ModelParallelStrategy
from torch import Tensor, nn
from torch.distributed.checkpoint.state_dict import (
    StateDictOptions,
    get_optimizer_state_dict,
    set_optimizer_state_dict,
)
from torch.distributed.device_mesh import DeviceMesh
from torch.distributed.fsdp import fully_shard
from torch.distributed.tensor import DTensor, distribute_tensor

WHOLE = StateDictOptions(full_state_dict=True, cpu_offload=True)


def sharding_strategy(num_ranks: int) -> ModelParallelStrategy:
    """Return the strategy that splits each network of a model among all ranks."""
    return ModelParallelStrategy(
        parallelize_fn=_split, data_parallel_size=num_ranks, tensor_parallel_size=1
    )


def is_sharded(model: nn.Module) -> bool:
    """Return whether the weights of a model are split."""
    return any(isinstance(one, DTensor) for one in model.parameters())


def whole(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return named tensors with those that are split put together."""
    return {
        name: tensor.full_tensor().cpu() if isinstance(tensor, DTensor) else tensor
        for name, tensor in state.items()
    }


def split_like(tensor: Tensor, pattern: Tensor) -> Tensor:
    """Return a whole tensor split as `pattern` is."""
    if not isinstance(pattern, DTensor):
        return tensor
    return distribute_tensor(
        tensor.to(pattern.device), pattern.device_mesh, list(pattern.placements)
    )


def optimizer_state(model: nn.Module, optimizer: torch.optim.Optimizer) -> dict[str, Any]:
    """Return the state of an optimizer, put together where the model is split."""
    if not is_sharded(model):
        return optimizer.state_dict()
    return get_optimizer_state_dict(model, _bare(optimizer), options=WHOLE)


def load_optimizer_state(
    model: nn.Module, optimizer: torch.optim.Optimizer, state: dict[str, Any]
) -> None:
    """Give an optimizer the state that `optimizer_state` returned."""
    if is_sharded(model):
        set_optimizer_state_dict(model, _bare(optimizer), state, options=WHOLE)
    else:
        optimizer.load_state_dict(state)


@torch.no_grad()
def load_whole(model: nn.Module, state: Mapping[str, Tensor]) -> None:
    """Give a model a whole state, of which each rank keeps its part."""
    own = model.state_dict()
    model.load_state_dict({name: split_like(one, own[name]) for name, one in state.items()})


def _split(model: nn.Module, mesh: DeviceMesh) -> nn.Module:
    for network in model.children():
        fully_shard(network, mesh=mesh["data_parallel"])
    fully_shard(model, mesh=mesh["data_parallel"])
    return model


def _bare(optimizer: Any) -> torch.optim.Optimizer:  # noqa: ANN401  Fabric's wrapper has no type
    """Return the optimizer that Fabric has wrapped."""
    bare: torch.optim.Optimizer = getattr(optimizer, "optimizer", optimizer)
    return bare
