"""Convolutions whose input channels are weighed by a style (StyleGAN2, section 2.2).

The paper gives every sample its own filters: weight times style, each output filter scaled to
length 1. Scaling the input by the style, sharing the weight and scaling the output by the same
length is the same map, but one dense convolution for the whole batch.
"""

from collections.abc import Callable

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

    def folded(self) -> "FoldedModulatedConv2d":
        """Return what computes the same from filters that do not change any more."""
        out_channels, in_channels, size = self.weight.shape[1:4]
        conv = nn.Conv2d(
            in_channels, out_channels, size, padding=size // 2, bias=False, device="meta"
        )
        conv.weight = nn.Parameter(self.weight.detach()[0])
        return FoldedModulatedConv2d(conv, self)


class UpsamplingModulatedConv2d(ModulatedConv2d):
    """A modulated 3x3 convolution to twice the size: transposed, then smoothed."""

    def __init__(self, in_channels: int, out_channels: int, style_width: int) -> None:
        super().__init__(in_channels, out_channels, 3, style_width)

    def convolve(self, x: Tensor) -> Tensor:
        """Convolve x (B, in, H, W) to (B, out, 2H, 2W)."""
        enlarged = F.conv_transpose2d(x, self.weight[0].transpose(0, 1), stride=2)  # 2H + 1
        return smooth(enlarged)

    def folded(self) -> "FoldedModulatedConv2d":
        """Return what computes the same from filters that do not change any more."""
        out_channels, in_channels = self.weight.shape[1:3]
        conv = nn.ConvTranspose2d(in_channels, out_channels, 3, stride=2, bias=False, device="meta")
        conv.weight = nn.Parameter(self.weight.detach()[0].transpose(0, 1))
        return FoldedModulatedConv2d(conv, self, smooth)


class FoldedModulatedConv2d(nn.Module):
    """A modulated convolution whose filters stay as they are: their lengths are known by then.

    Args:
        conv: with the shared weight.
        trained: the layer that it was.
        behind: what follows the convolution.
    """

    energy: Tensor | None  # (out, in), of each filter in each input channel

    def __init__(
        self,
        conv: nn.Conv2d | nn.ConvTranspose2d,
        trained: ModulatedConv2d,
        behind: Callable[[Tensor], Tensor] | None = None,
    ) -> None:
        super().__init__()
        self.conv = conv
        self.modulation = trained.modulation
        self.weight_scale = trained.weight_scale
        self.behind = behind
        energy = trained.weight.detach()[0].square().sum(dim=(2, 3)) if trained.demodulate else None
        self.register_buffer("energy", energy)

    def forward(self, x: Tensor, style: Tensor) -> Tensor:
        """Convolve x (B, in, H, W), or one x for all, under styles (B, S) to (B, out, H, W)."""
        out, lengths = self.unscaled(x, style)
        return out if lengths is None else out.mul_(lengths[:, :, None, None].to(out.dtype))

    def unscaled(self, x: Tensor, style: Tensor) -> tuple[Tensor, Tensor | None]:
        """Return the maps (B, out, H, W) and what they are still to be multiplied by, (B, out)."""
        scales = self.modulation(style) * self.weight_scale  # (B, in)
        lengths = None
        if self.energy is not None:
            lengths = torch.rsqrt(scales.square() @ self.energy.T + EPSILON)
        out: Tensor = self.conv(x * scales[:, :, None, None].to(x.dtype))
        return out if self.behind is None else self.behind(out), lengths
