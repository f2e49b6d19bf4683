"""The running average of weights, which generates better than the weights themselves."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from talkingface.engine.sharding import split_like


class AveragedWeights:
    """An exponential moving average of the parameters of chosen networks.

    Args:
        model: the model whose weights are averaged.
        decay: share of the old average at each step; 0 keeps no average.
        parts: those of its networks to average; empty for all of its parameters.
    """

    def __init__(self, model: nn.Module, decay: float, parts: Sequence[nn.Module] = ()) -> None:
        self._decay = decay
        chosen = {id(one) for part in parts for one in part.parameters()}
        self._averages = {
            name: parameter.detach().clone()
            for name, parameter in model.named_parameters()
            if decay > 0 and (not parts or id(parameter) in chosen)
        }

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        """Take in the weights after a step."""
        parameters = dict(model.named_parameters())
        for name, average in self._averages.items():
            average.lerp_(parameters[name].detach(), 1 - self._decay)

    @contextmanager
    def applied(self, model: nn.Module) -> Iterator[None]:
        """Put the averages into the model while the block runs, then the weights back."""
        parameters = dict(model.named_parameters())
        kept = {name: parameters[name].detach().clone() for name in self._averages}
        _copy(self._averages, parameters)
        try:
            yield
        finally:
            _copy(kept, parameters)

    def state_dict(self) -> dict[str, Tensor]:
        """Return the averages by the names of their parameters."""
        return dict(self._averages)

    def load_state_dict(self, state: Mapping[str, Tensor]) -> None:
        """Take averages that `state_dict` gave, whole where it gave parts."""
        own = self._averages
        _copy({name: split_like(one, own[name]) for name, one in state.items()}, own)


@torch.no_grad()
def _copy(source: Mapping[str, Tensor], target: Mapping[str, Tensor]) -> None:
    for name, tensor in source.items():
        target[name].copy_(tensor)
