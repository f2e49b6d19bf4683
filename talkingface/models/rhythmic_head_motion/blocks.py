"""The blocks that every network of this method is made of.

Paper: "Talking-head Generation with Rhythmic Head Motion", ECCV 2020, arXiv:2007.08547. The
authors' program is published for research; nothing of it is copied here.
Difference: spectral norm is a parametrization, so that it can be folded into the weights; the
values are those of the classic hook.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from talkingface.nn.spectral_norm import spectral_norm

NEGATIVE_SLOPE = 0.2


def activate(features: Tensor) -> Tensor:
    """Return the leaky ReLU with the slope of the published networks.

    Where nothing is learnt the features are written over: nobody else looks at them.
    """
    return F.leaky_relu(features, NEGATIVE_SLOPE, inplace=not torch.is_grad_enabled())


def spectral_conv(
    in_channels: int, out_channels: int, kernel_size: int = 3, stride: int = 1, *, bias: bool = True
) -> nn.Conv2d:
    """Return a spectrally normalised convolution that keeps the size at stride 1."""
    padding = kernel_size // 2
    conv = nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding, bias=bias)
    spectral_norm(conv)
    return conv


class ConvBlock(nn.Module):
    """Convolution, batch norm, activation. The bias before the norm is that of the original."""

    folds: ClassVar[Mapping[str, str]] = {"conv": "norm"}

    def __init__(
        self, in_channels: int, out_channels: int, stride: int = 1, *, bias: bool = True
    ) -> None:
        super().__init__()
        self.conv = spectral_conv(in_channels, out_channels, stride=stride, bias=bias)
        self.norm = nn.BatchNorm2d(out_channels)

    def forward(self, features: Tensor) -> Tensor:
        """Map (B, C, H, W) to (B, D, H / stride, W / stride)."""
        return activate(self.norm(self.conv(features)))


class EnlargingConvBlock(ConvBlock):
    """A block on a map that is first made twice as large."""

    def forward(self, features: Tensor) -> Tensor:
        """Map (B, C, H, W) to (B, D, 2H, 2W)."""
        return super().forward(F.interpolate(features, scale_factor=2.0))

    def folded(self) -> nn.Sequential:
        """Return what computes the same without enlarging, for four ninths of the work."""
        joined = fuse_conv_bn_eval(self.conv, self.norm)
        conv = enlarging(joined.weight.detach(), joined.bias)
        return nn.Sequential(conv, nn.LeakyReLU(NEGATIVE_SLOPE, inplace=True))


def enlarging(weight: Tensor, bias: Tensor | None) -> nn.ConvTranspose2d:
    """Return the convolution of a map that is first enlarged, two by two pixels for each, as one.

    Of three taps that fall on two pixels of the map, two fall on the same and can be added up.

    Args:
        weight: (D, C, 3, 3).
        bias: (D,).
    """
    taps = weight.new_tensor([[0, 0, 1], [0, 1, 1], [1, 1, 0], [1, 0, 0]])
    summed = torch.einsum("ik,dckl,jl->cdij", taps, weight, taps)
    conv = nn.ConvTranspose2d(1, 1, 4, stride=2, padding=1)  # whose tensors are replaced
    conv.weight = nn.Parameter(summed)
    conv.bias = bias if bias is None else nn.Parameter(bias)
    return conv


def in_parts(samples: Tensor, training: bool, at_once: int = 1) -> Sequence[Tensor]:
    """Return samples (B, ...) one at a time, or so many, for the memory.

    In training all go together, as norms are over all of them.
    """
    return torch.split(samples, len(samples) if training else at_once)


class Tower(nn.Module):
    """A convolution at full size, then one of stride 2 for each further entry of `channels`."""

    def __init__(self, in_channels: int, channels: tuple[int, ...], *, bias: bool = True) -> None:
        super().__init__()
        self.first = ConvBlock(in_channels, channels[0], bias=bias)
        self.down = nn.ModuleList(
            ConvBlock(narrow, wide, 2, bias=bias) for narrow, wide in pairwise(channels)
        )

    def forward(self, picture: Tensor) -> Tensor:
        """Map (B, C, H, W) to the features of the last level."""
        return self.descend(self.first(picture), 0, len(self.down))

    def one_by_one(self, pictures: Tensor, stop: int) -> Tensor:
        """Map (B, C, H, W) to the features of level `stop`, see `in_parts`."""
        parts = in_parts(pictures, self.training)
        return torch.cat([self.descend(self.first(part), 0, stop) for part in parts])

    def descend(self, features: Tensor, start: int, stop: int) -> Tensor:
        """Take features at level `start` down to level `stop`."""
        for block in self.down[start:stop]:
            features = block(features)
        return features


class ResidualBlock(nn.Module):
    """Twice norm, activation and convolution, added to what came in."""

    folds: ClassVar[Mapping[str, str]] = {"conv_0": "norm_1"}

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        hidden = min(in_channels, out_channels)
        self.conv_0 = spectral_conv(in_channels, hidden)
        self.conv_1 = spectral_conv(hidden, out_channels)
        self.norm_0 = nn.BatchNorm2d(in_channels)
        self.norm_1 = nn.BatchNorm2d(hidden)
        self.shortcut: nn.Module = nn.Identity()
        if in_channels != out_channels:  # without an activation, as in the original
            conv = spectral_conv(in_channels, out_channels, 1, bias=False)
            steps = OrderedDict(norm=nn.BatchNorm2d(in_channels), conv=conv)
            self.shortcut = nn.Sequential(steps)

    def forward(self, features: Tensor) -> Tensor:
        """Map (B, C, H, W) to (B, D, H, W)."""
        hidden = self.conv_0(activate(self.norm_0(features)))
        residual: Tensor = self.conv_1(activate(self.norm_1(hidden)))
        return residual.add_(self.shortcut(features))
