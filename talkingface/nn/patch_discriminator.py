"""Discriminators that judge patches of a picture at several sizes.

T.-C. Wang et al., *High-Resolution Image Synthesis and Semantic Manipulation with Conditional
GANs*, CVPR 2018, in the form of SPADE (CVPR 2019) with spectral and instance norm, which PC-AVS,
PD-FGC and Rhythmic head motion all train with. `own_name` translates the published names.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

import torch.nn.functional as F
from torch import Tensor, nn

from talkingface.nn import spectral_norm

MOST_CHANNELS = 512
KERNEL, PADDING = 4, 2


class Judgement(NamedTuple):
    """What a discriminator sees and says at one size."""

    picture: Tensor  # (B, C, H, W), as it was judged
    features: list[Tensor]  # what each hidden layer made of it
    prediction: Tensor  # (B, 1, h, w): one number for each patch, higher for real


class PatchDiscriminator(nn.Module):
    """Judges patches at one size.

    Args:
        in_channels: channels of the pictures, with those of their conditions.
        channels: width of the first layer; each doubles it, up to 512.
        num_layers: hidden layers. The last keeps the size, the others halve it.
    """

    def __init__(self, in_channels: int = 3, channels: int = 64, num_layers: int = 4) -> None:
        super().__init__()
        widths = [min(channels * 2**index, MOST_CHANNELS) for index in range(num_layers)]
        first = nn.Conv2d(in_channels, channels, KERNEL, stride=2, padding=PADDING)
        self.layers = nn.ModuleList([nn.Sequential(first, nn.LeakyReLU(0.2))])
        for index in range(1, num_layers):
            stride = 1 if index == num_layers - 1 else 2
            conv = nn.Conv2d(
                widths[index - 1], widths[index], KERNEL, stride, padding=PADDING, bias=False
            )
            norm = nn.InstanceNorm2d(widths[index])
            self.layers.append(
                nn.Sequential(spectral_norm.spectral_norm(conv), norm, nn.LeakyReLU(0.2))
            )
        self.predict = nn.Conv2d(widths[-1], 1, KERNEL, padding=PADDING)

    def forward(self, pictures: Tensor) -> Judgement:
        """Judge pictures (B, C, H, W)."""
        features = []
        x = pictures
        for layer in self.layers:
            x = layer(x)
            features.append(x)
        return Judgement(pictures, features, self.predict(x))


class MultiScaleDiscriminator(nn.Module):
    """Judges a picture at full size, and by further discriminators at half, a quarter..."""

    def __init__(
        self, in_channels: int = 3, channels: int = 64, num_layers: int = 4, num_scales: int = 2
    ) -> None:
        super().__init__()
        self.num_layers = num_layers
        self.scales = nn.ModuleList(
            PatchDiscriminator(in_channels, channels, num_layers) for _ in range(num_scales)
        )

    def forward(self, pictures: Tensor) -> list[Judgement]:
        """Judge pictures (B, C, H, W); one judgement for each size, largest first."""
        judgements = []
        for scale in self.scales:
            judgements.append(scale(pictures))
            pictures = F.avg_pool2d(pictures, 3, stride=2, padding=1, count_include_pad=False)
        return judgements


def own_name(published: str, num_layers: int = 4) -> str:
    """Return our name of a published tensor of a discriminator of `num_layers` hidden layers.

    >>> own_name("discriminator_1.model3.0.0.weight_orig")
    'scales.1.layers.3.0.parametrizations.weight.original'
    >>> own_name("discriminator_0.model4.0.bias")
    'scales.0.predict.bias'
    """
    match = re.fullmatch(r"discriminator_(\d+)\.model(\d+)\.0(\.0)?\.(.+)", published)
    if match is None:
        return published
    scale, layer, _, leaf = match.groups()
    place = "predict" if int(layer) == num_layers else f"layers.{layer}.0"
    return spectral_norm.own_name(f"scales.{scale}.{place}.{leaf}")


def split(judgements: Sequence[Judgement], at: int) -> tuple[list[Judgement], list[Judgement]]:
    """Return the judgements of the first `at` pictures of a batch, and of the rest."""

    def part(which: slice) -> list[Judgement]:
        return [
            Judgement(
                judged.picture[which],
                [feature[which] for feature in judged.features],
                judged.prediction[which],
            )
            for judged in judgements
        ]

    return part(slice(at)), part(slice(at, None))
