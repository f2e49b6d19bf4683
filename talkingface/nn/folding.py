"""Folding: what a network computes in every call, and never changes once it is trained, is fixed.

Spectral norms become plain weights; a batch norm behind a convolution becomes a part of it; other
layers say themselves what they become, by a method ``folded()``. A module whose convolutions have a
norm behind them names the pairs in ``folds``. What comes out computes the same to float32 rounding,
cannot be trained, and has other names in its state.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from talkingface.nn import spectral_norm

CONVOLUTIONS = (nn.Conv1d, nn.Conv2d)
NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)


def fold(network: nn.Module) -> nn.Module:
    """Return `network`, which is to be in eval mode, or what it becomes; its parts are changed."""
    spectral_norm.fold(network)
    network = _folded(network)
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            # Convolutions are faster where channels lie together, and hand that layout on.
            layer.weight.data = layer.weight.detach().contiguous(memory_format=torch.channels_last)
    return network.requires_grad_(False)


def _folded(module: nn.Module) -> nn.Module:
    become: Callable[[], nn.Module] | None = getattr(module, "folded", None)
    if become is not None:
        module = become()
    for convolution, norm in _pairs(module):
        _join(module, convolution, norm)
    for name, child in module.named_children():
        setattr(module, name, _folded(child))
    return module


def _pairs(module: nn.Module) -> Iterator[tuple[str, str]]:
    """Yield the names of the convolutions in a module, each with that of the norm behind it."""
    named: Mapping[str, str] = getattr(module, "folds", {})
    yield from named.items()
    if isinstance(module, nn.Sequential):
        for (first, before), (second, behind) in pairwise(module.named_children()):
            if isinstance(before, CONVOLUTIONS) and isinstance(behind, NORMS):
                yield first, second


def _join(module: nn.Module, convolution: str, norm: str) -> None:
    before, behind = module.get_submodule(convolution), module.get_submodule(norm)
    assert isinstance(before, CONVOLUTIONS), f"{convolution} is no convolution"
    assert isinstance(behind, NORMS), f"{norm} is no batch norm"
    if behind.running_mean is None:
        return  # it follows each batch
    setattr(module, convolution, fuse_conv_bn_eval(before, behind))
    setattr(module, norm, nn.Identity())
