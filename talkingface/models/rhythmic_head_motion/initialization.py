"""Weights to begin training from: those of the published recipe."""

import torch
from torch import nn
from torch.nn.utils import parametrize

GAIN = 0.02


@torch.no_grad()
def initialize(network: nn.Module) -> None:
    """Draw every weight anew: Xavier's normal for layers, N(1, 0.02) for norms, biases 0.

    Layers with spectral norm are drawn as well; their norm does not depend on the gain.
    """
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d | nn.BatchNorm1d) and layer.affine:
            nn.init.normal_(layer.weight, 1, GAIN)
            nn.init.zeros_(layer.bias)
        elif isinstance(layer, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
            nn.init.xavier_normal_(_drawn(layer), GAIN)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)


def _drawn(layer: nn.Module) -> torch.Tensor:
    """Return the tensor that holds a layer's weight, before spectral norm."""
    normalised = parametrize.is_parametrized(layer, "weight")
    return layer.get_parameter("parametrizations.weight.original" if normalised else "weight")
