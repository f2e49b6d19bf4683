"""The perceptual loss: how far apart two pictures are in the layers of VGG-19.

J. Johnson et al., *Perceptual Losses for Real-Time Style Transfer and Super-Resolution*, ECCV 2016,
with the layers and weights of SPADE. As in the methods that train with it, pictures enter in
[-1, 1] as they are, without ImageNet's mean and deviation.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# Widths of VGG-19's convolutions up to the first of the fifth block; 0 is a pooling.
LAYOUT = (64, 64, 0, 128, 128, 0, 256, 256, 256, 256, 0, 512, 512, 512, 512, 0, 512)
READ_AFTER = (1, 6, 11, 20, 29)  # relu1_1, relu2_1, relu3_1, relu4_1, relu5_1
LAYER_WEIGHTS = (1 / 32, 1 / 16, 1 / 8, 1 / 4, 1.0)
UNUSED_TENSORS = ("features.30.*", "features.32.*", "features.34.*", "classifier.*")


class VGG19Features(nn.Module):
    """VGG-19 as far as it is read. Names of parameters are those of torchvision's file."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        channels = 3
        for width in LAYOUT:
            if width:
                layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU()]
                channels = width
            else:
                layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)
        self.requires_grad_(False)

    def forward(self, pictures: Tensor) -> list[Tensor]:
        """Return the five maps that pictures (B, 3, H, W) become."""
        maps = []
        x = pictures
        for index, layer in enumerate(self.features):
            x = layer(x)
            if index in READ_AFTER:
                maps.append(x)
        return maps


class PerceptualLoss(nn.Module):
    """The weighted L1 distance of the maps of two pictures."""

    def __init__(self, network: nn.Module, weights: Sequence[float] = LAYER_WEIGHTS) -> None:
        super().__init__()
        self.network = network
        self.weights = tuple(weights)

    def forward(self, fake: Tensor, real: Tensor) -> Tensor:
        """Return the distance of pictures (B, 3, H, W); only `fake` has a gradient."""
        with torch.no_grad():
            real_maps = self.network(real)
        distances = [
            weight * F.l1_loss(ours, theirs)
            for weight, ours, theirs in zip(
                self.weights, self.network(fake), real_maps, strict=True
            )
        ]
        return torch.stack(distances).sum()
