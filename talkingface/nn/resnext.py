"""ResNeXt, the identity encoder's trunk in PC-AVS and PD-FGC.

S. Xie et al., *Aggregated Residual Transformations for Deep Neural Networks*, CVPR 2017. Names of
parameters are those of torchvision's ResNeXt-50 32x4d, without its classifier ``fc``.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import torch.nn.functional as F
from torch import Tensor, nn

from talkingface.nn.shortcut import shortcut

EXPANSION = 4  # a block gives four times the channels it is named by


class Bottleneck(nn.Module):
    """1x1, grouped 3x3 and 1x1 convolutions, and a shortcut."""

    folds: ClassVar[Mapping[str, str]] = {"conv1": "bn1", "conv2": "bn2", "conv3": "bn3"}

    def __init__(
        self, in_channels: int, inner: int, out_channels: int, stride: int, groups: int
    ) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, inner, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(inner)
        self.conv2 = nn.Conv2d(inner, inner, 3, stride, padding=1, groups=groups, bias=False)
        self.bn2 = nn.BatchNorm2d(inner)
        self.conv3 = nn.Conv2d(inner, out_channels, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out_channels)
        self.downsample = shortcut(in_channels, out_channels, stride)

    def forward(self, x: Tensor) -> Tensor:
        """Map x (B, in, H, W) to (B, out, H / stride, W / stride)."""
        residual = F.relu(self.bn1(self.conv1(x)))
        residual = F.relu(self.bn2(self.conv2(residual)))
        return F.relu(self.bn3(self.conv3(residual)) + self.downsample(x))


class ResNeXt(nn.Module):
    """A stem and four stages; the last has 32 times `channels`.

    Args:
        channels: width of the stem.
        depths: blocks in each stage.
        groups: groups of each 3x3 convolution.
        group_width: channels of a group in the first stage, where the stem has 64.
        last_stride: stride of the last stage; 1 keeps a map of 7 px for pictures of 112 px.
    """

    folds: ClassVar[Mapping[str, str]] = {"conv1": "bn1"}

    def __init__(
        self,
        channels: int = 64,
        depths: Sequence[int] = (3, 4, 6, 3),
        groups: int = 32,
        group_width: int = 4,
        last_stride: int = 2,
    ) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, channels, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        width, strides = channels, (1, 2, 2, last_stride)
        for stage, (depth, stride) in enumerate(zip(depths, strides, strict=True)):
            outer = channels * 2**stage * EXPANSION
            inner = max(1, group_width * channels // 64) * 2**stage * groups
            blocks = [Bottleneck(width, inner, outer, stride, groups)]
            blocks += [Bottleneck(outer, inner, outer, 1, groups) for _ in range(depth - 1)]
            self.add_module(f"layer{stage + 1}", nn.Sequential(*blocks))
            width = outer
        self.out_channels = width

    def forward(self, pictures: Tensor) -> Tensor:
        """Map pictures (B, 3, H, W) to (B, out_channels, H / 32, W / 32)."""
        x = F.relu(self.bn1(self.conv1(pictures)))
        x = F.max_pool2d(x, 3, stride=2, padding=1)
        for stage in range(1, 5):
            x = self.get_submodule(f"layer{stage}")(x)
        return x
