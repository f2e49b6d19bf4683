"""Fewer digits where they are not seen: convolutions in a format of half the size.

Only convolutions are changed, which are nearly all of the work. Styles, codes, norms and the sum of
the colours keep float32, so that errors do not add up from layer to layer.
"""

import torch
from torch import Tensor, nn

CONVOLUTIONS = (nn.Conv1d, nn.Conv2d, nn.ConvTranspose2d)


class KeepsDigits:
    """Marks networks that say where something is: they are small, and a little off is seen."""


def lower(network: nn.Module, precision: torch.dtype) -> None:
    """Let the convolutions of a folded network compute in `precision`, but of what keeps digits.

    Every layer that has weights turns what it is given to its own format.
    """
    if isinstance(network, KeepsDigits):
        return
    if isinstance(network, CONVOLUTIONS):
        network.to(precision)
    if isinstance(network, (*CONVOLUTIONS, nn.Linear)):
        network.register_forward_pre_hook(_in_own_format)
    for part in network.children():
        lower(part, precision)


def in_full(x: Tensor) -> Tensor:
    """Return x with at least the digits of float32."""
    return x.to(torch.promote_types(x.dtype, torch.float32))


def _in_own_format(layer: nn.Module, given: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    weight = layer.weight
    assert isinstance(weight, Tensor)
    return tuple(one.to(weight.dtype) for one in given)
