"""The way round a residual block."""

from torch import Tensor, nn


class PointwiseConv(nn.Conv2d):
    """A 1x1 convolution without bias that reads every `pace`-th point of both axes.

    It is a convolution with that stride. Written so because the gradient of the latter corrupts
    memory on CPUs (torch 2.13) where channels come last and are fewer than 16.
    """

    def __init__(self, in_channels: int, out_channels: int, pace: int) -> None:
        super().__init__(in_channels, out_channels, 1, bias=False)
        self.pace = pace

    def forward(self, x: Tensor) -> Tensor:
        """Map x (B, in, H, W) to (B, out, H / pace, W / pace), rounded up."""
        return super().forward(x[:, :, :: self.pace, :: self.pace])


def shortcut(in_channels: int, out_channels: int, stride: int) -> nn.Module:
    """Return what brings x (B, in, H, W) to (B, out, H / stride, W / stride) to be added.

    Nothing where the sizes agree, else a 1x1 convolution and its batch norm.
    """
    if stride == 1 and in_channels == out_channels:
        return nn.Identity()
    return nn.Sequential(
        PointwiseConv(in_channels, out_channels, stride), nn.BatchNorm2d(out_channels)
    )
