"""The face alignment network with one hourglass, cut to a feature, as PC-AVS and PD-FGC use it.

A. Bulat, G. Tzimiropoulos, *How far are we from solving the 2D & 3D Face Alignment problem?*, ICCV
2017. What both methods add is the tail that turns the 68 heat maps into one vector. Differences
from the published programs: parts are named by what they are and the hourglass is nested, so
`own_name` says where a published tensor belongs.
"""

import re
from collections.abc import Mapping
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

DEPTH = 4  # of the hourglass

PUBLISHED_NAMES = {  # the first part of a name, published: ours
    "m0": "hourglass",
    "top_m_0": "after_hourglass",
    "conv_last0": "mix",
    "bn_end0": "mix_norm",
    "l0": "to_heat_maps",
    "bn5": "heat_norm",
    "conv6": "shrink",
    "fc": "to_feature",
}


class HierarchicalBlock(nn.Module):
    """Three 3x3 convolutions, each after norm and rectifier; their results stand side by side."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        half, quarter = out_channels // 2, out_channels // 4
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.conv1 = nn.Conv2d(in_channels, half, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(half)
        self.conv2 = nn.Conv2d(half, quarter, 3, padding=1, bias=False)
        self.bn3 = nn.BatchNorm2d(quarter)
        self.conv3 = nn.Conv2d(quarter, quarter, 3, padding=1, bias=False)
        self.downsample: nn.Module = nn.Identity()
        if in_channels != out_channels:
            self.downsample = nn.Sequential(
                nn.BatchNorm2d(in_channels),
                nn.ReLU(),
                nn.Conv2d(in_channels, out_channels, 1, bias=False),
            )

    def forward(self, x: Tensor) -> Tensor:
        """Map x (B, in, H, W) to (B, out, H, W)."""
        first = self.conv1(F.relu(self.bn1(x)))
        second = self.conv2(F.relu(self.bn2(first)))
        third = self.conv3(F.relu(self.bn3(second)))
        shortcut: Tensor = self.downsample(x)
        return torch.cat([first, second, third], dim=1) + shortcut


class Hourglass(nn.Module):
    """Works at full size and at half of it, where another hourglass stands inside."""

    def __init__(self, depth: int, channels: int, dropout: float) -> None:
        super().__init__()
        self.dropout = dropout
        self.upper = HierarchicalBlock(channels, channels)
        self.before = HierarchicalBlock(channels, channels)
        self.inner = (
            Hourglass(depth - 1, channels, dropout)
            if depth > 1
            else HierarchicalBlock(channels, channels)
        )
        self.after = HierarchicalBlock(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        """Map x (B, C, H, W) to as much."""
        upper: Tensor = self.upper(x)
        if self.dropout:
            upper = F.dropout(upper, self.dropout, self.training)
        lower = self.after(self.inner(self.before(F.max_pool2d(x, 2))))
        # To the exact size: 7 px are pooled to 3, and 3 doubled would be 6.
        return upper + F.interpolate(lower, size=x.shape[-2:], mode="bilinear")


class FaceAlignmentNetwork(nn.Module):
    """Turns a picture of a face into one vector that says how it is posed and moved.

    Args:
        picture_size: side of the pictures in pixels, a multiple of 8.
        out_features: length of the vector.
        channels: width of the stem; the hourglass has four times as many.
        num_points: number of heat maps.
        dropout: share of the hourglass's upper branches that training leaves out.
    """

    folds: ClassVar[Mapping[str, str]] = {
        "conv1": "bn1",
        "mix": "mix_norm",
        "to_heat_maps": "heat_norm",
    }

    def __init__(
        self,
        picture_size: int = 224,
        out_features: int = 512,
        channels: int = 64,
        num_points: int = 68,
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        wide = 4 * channels
        self.conv1 = nn.Conv2d(3, channels, 7, stride=2, padding=3)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = HierarchicalBlock(channels, 2 * channels)
        self.conv3 = HierarchicalBlock(2 * channels, 2 * channels)
        self.conv4 = HierarchicalBlock(2 * channels, wide)
        self.hourglass = Hourglass(DEPTH, wide, dropout)
        self.after_hourglass = HierarchicalBlock(wide, wide)
        self.mix = nn.Conv2d(wide, wide, 1)
        self.mix_norm = nn.BatchNorm2d(wide)
        self.to_heat_maps = nn.Conv2d(wide, num_points, 1)
        self.heat_norm = nn.BatchNorm2d(num_points)
        self.shrink = nn.Conv2d(num_points, 1, 3, stride=2, padding=1)
        self.to_feature = nn.Linear((picture_size // 8) ** 2, out_features)

    def forward(self, pictures: Tensor) -> Tensor:
        """Map pictures (B, 3, H, W) to features (B, out_features)."""
        x = F.relu(self.bn1(self.conv1(pictures)))
        x = F.max_pool2d(self.conv2(x), 2)
        x = self.conv4(self.conv3(x))
        x = self.after_hourglass(self.hourglass(x))
        heat_maps = self.to_heat_maps(F.relu(self.mix_norm(self.mix(x))))  # a quarter of H, W
        shrunk = self.shrink(F.relu(self.heat_norm(heat_maps)))
        features: Tensor = self.to_feature(F.relu(shrunk.flatten(1)))
        return features


def own_name(published: str) -> str:
    """Return our name of a published parameter of this network.

    >>> own_name("m0.b1_3.conv1.weight")
    'hourglass.inner.upper.conv1.weight'
    """
    first, dot, rest = published.partition(".")
    return PUBLISHED_NAMES.get(first, first) + dot + re.sub(r"^b\d_[^.]+", _nested_place, rest)


def _nested_place(match: re.Match[str]) -> str:
    """Return where a block of the hourglass stands; published names count levels from inside."""
    block = match.group()
    if block == "b2_plus_1":
        return ".".join(["inner"] * DEPTH)
    branch, level = block.split("_")
    place = {"b1": "upper", "b2": "before", "b3": "after"}[branch]
    return ".".join(["inner"] * (DEPTH - int(level)) + [place])
