"""The way round a residual block."""

from torch import nn


def shortcut(in_channels: int, out_channels: int, stride: int) -> nn.Module:
    """Return what brings x (B, in, H, W) to (B, out, H / stride, W / stride) to be added.

    Nothing where the sizes agree, else a 1x1 convolution and its batch norm.
    """
    if stride == 1 and in_channels == out_channels:
        return nn.Identity()
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, 1, stride, bias=False),
        nn.BatchNorm2d(out_channels),
    )
