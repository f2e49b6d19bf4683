"""Spectral norm: layers whose weight is divided by its largest singular value.

PyTorch's parametrisation does it. Published files have the names of PyTorch's older hook, which
`own_name` translates; `fold` replaces the division by its result where nothing will be trained.
"""

from torch import nn
from torch.nn.utils import parametrize
from torch.nn.utils.parametrizations import spectral_norm

__all__ = ["fold", "own_name", "spectral_norm"]

PUBLISHED_ENDS = {
    "weight_orig": "parametrizations.weight.original",
    "weight_u": "parametrizations.weight.0._u",
    "weight_v": "parametrizations.weight.0._v",
}


def own_name(published: str) -> str:
    """Return our name of a published tensor; names that have no spectral norm stay.

    >>> own_name("conv.weight_orig")
    'conv.parametrizations.weight.original'
    """
    layer, dot, leaf = published.rpartition(".")
    return layer + dot + PUBLISHED_ENDS.get(leaf, leaf)


def fold(network: nn.Module) -> None:
    """Fix every normalised weight of `network` at its value, so that it costs nothing to use.

    The network is to be in eval mode; in training each look at a weight would refine the estimate.
    """
    for layer in network.modules():
        if parametrize.is_parametrized(layer, "weight"):
            parametrize.remove_parametrizations(layer, "weight", leave_parametrized=True)
