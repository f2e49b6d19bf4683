"""Convolutions whose input channels are weighed by a style (StyleGAN2, section 2.2).

The paper gives every sample its own filters: weight times style, each output filter scaled to
length 1. Scaling the input by the style, sharing the weight and scaling the output by the same
length is the same map, but one dense convolution for the whole batch.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from talkingface.nn.binomial import smooth
from talkingface.nn.equalized import EqualizedLinear

EPSILON = 1e-8


class ModulatedConv2d(nn.Module):
    """A convolution without bias, modulated by a style.

    Args:
        in_channels: channels of the input, each scaled by one number made from the style.
        out_channels: channels of the output.
        kernel_size: side of the filters, odd.
        style_width: length of the style vector.
        demodulate: whether each output filter is scaled to length 1.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        style_width: int,
        *,
        demodulate: bool = True,
    ) -> None:
        super().__init__()
        # The first axis is that of published files, which multiply it by a batch of styles.
        shape = (1, out_channels, in_channels, kernel_size, kernel_size)
        self.weight = nn.Parameter(torch.randn(shape))
        self.modulation = EqualizedLinear(style_width, in_channels, initial_bias=1.0)
        self.weight_scale = 1 / (in_channels * kernel_size**2) ** 0.5
        self.demodulate = demodulate

    def forward(self, x: Tensor, style: Tensor) -> Tensor:
        """Convolve x (B, in, H, W), or one x for all, under styles (B, S) to (B, out, H, W)."""
        # In full precision also where convolutions are not: it costs little and keeps the colours.
        with torch.autocast(x.device.type, enabled=False):
            scales = self.modulation(style.to(self.weight.dtype)) * self.weight_scale  # (B, in)
            lengths = self.output_scales(scales) if self.demodulate else None
        out = self.convolve(x * scales[:, :, None, None].to(x.dtype))
        return out if lengths is None else out * lengths[:, :, None, None].to(out.dtype)

    def output_scales(self, scales: Tensor) -> Tensor:
        """Return what brings each filter, under input scales (B, in), to length 1: (B, out)."""
        energy = self.weight[0].square().sum(dim=(2, 3))  # (out, in)
        return torch.rsqrt(scales.square() @ energy.T + EPSILON)

    def convolve(self, x: Tensor) -> Tensor:
        """Convolve x (B, in, H, W) with the shared weight."""
        return F.conv2d(x, self.weight[0], padding=self.weight.shape[-1] // 2)


class UpsamplingModulatedConv2d(ModulatedConv2d):
    """A modulated 3x3 convolution to twice the size: transposed, then smoothed."""

    def __init__(self, in_channels: int, out_channels: int, style_width: int) -> None:
        super().__init__(in_channels, out_channels, 3, style_width)

    def convolve(self, x: Tensor) -> Tensor:
        """Convolve x (B, in, H, W) to (B, out, 2H, 2W)."""
        enlarged = F.conv_transpose2d(x, self.weight[0].transpose(0, 1), stride=2)  # 2H + 1
        return smooth(enlarged)
