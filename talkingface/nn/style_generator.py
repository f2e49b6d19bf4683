"""The StyleGAN2 generator with skip outputs that PC-AVS and PD-FGC share.

T. Karras et al., *Analyzing and Improving the Image Quality of StyleGAN*, CVPR 2020, section 4.1.
Names of parameters are those of the published checkpoints. Differences from the authors' programs:

- one style vector serves every layer, as both methods do; the mapping network, which neither runs,
  is a part of its own (`talkingface.nn.mapping_network`);
- noise is an argument, never drawn within, so that the network is a function of its inputs;
- filters of fixed numbers (``*.kernel``) are not in the state, and modulation is applied to the
  input and the output instead of the weight (`talkingface.nn.modulated_conv`).
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from talkingface.nn.binomial import twice_as_large
from talkingface.nn.modulated_conv import ModulatedConv2d, UpsamplingModulatedConv2d

NEGATIVE_SLOPE = 0.2
GAIN = 2**0.5  # gives back the variance that the leaky rectifier takes
FAINT = 0.1  # of the first colours: at full strength a fifth of them starts beyond the tanh's reach

# For pictures of 224 px: 7, 14, 28, 56, 112 and 224.
PUBLISHED_CHANNELS = (512, 512, 512, 512, 256, 128)
UNUSED_TENSORS = ("style.*", "*.kernel")  # of published files; nothing is computed from them


class ScaledNoise(nn.Module):
    """Adds one map of noise to all channels, as strongly as was learnt."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))

    def forward(self, x: Tensor, noise: Tensor) -> Tensor:
        """Add noise (B or 1, 1, H, W) to x (B, C, H, W)."""
        return x + (self.weight * noise).to(x.dtype)


class BiasedActivation(nn.Module):
    """A bias, a leaky rectifier and a gain of the square root of 2."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(1, channels, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        """Activate x (B, C, H, W)."""
        return F.leaky_relu(x + self.bias.to(x.dtype), NEGATIVE_SLOPE) * GAIN


class StyledConv(nn.Module):
    """A modulated convolution, noise and activation."""

    def __init__(self, conv: ModulatedConv2d, out_channels: int) -> None:
        super().__init__()
        self.conv = conv
        self.noise = ScaledNoise()
        self.activate = BiasedActivation(out_channels)

    def forward(self, x: Tensor, style: Tensor, noise: Tensor | None) -> Tensor:
        """Map x (B, in, H, W) under styles (B, S); without `noise` none is added."""
        x = self.conv(x, style)
        if noise is not None:
            x = self.noise(x, noise)
        activated: Tensor = self.activate(x)
        return activated

    def folded(self) -> "FoldedStyledConv":
        """Return what computes the same from weights that do not change any more."""
        return FoldedStyledConv(self)


class FoldedStyledConv(nn.Module):
    """A styled convolution in fewer passes over its maps, each of which is written in place."""

    bias: Tensor
    noise_strength: Tensor

    def __init__(self, trained: StyledConv) -> None:
        super().__init__()
        self.conv = trained.conv.folded()
        # The rectifier lets a gain through, so all that goes into it can have it beforehand.
        self.register_buffer("bias", trained.activate.bias.detach() * GAIN)
        self.register_buffer("noise_strength", trained.noise.weight.detach() * GAIN)

    def forward(self, x: Tensor, style: Tensor, noise: Tensor | None) -> Tensor:
        """Map x (B, in, H, W) under styles (B, S); without `noise` none is added."""
        out, lengths = self.conv.unscaled(x, style)
        assert lengths is not None, "styled convolutions are demodulated"
        out.mul_((lengths * GAIN)[:, :, None, None].to(out.dtype)).add_(self.bias.to(out.dtype))
        if noise is not None:
            out.add_((self.noise_strength * noise).to(out.dtype))
        return F.leaky_relu_(out, NEGATIVE_SLOPE)


class ToPicture(nn.Module):
    """Reads three colours from the channels, as the style directs, and adds them to the skip."""

    def __init__(self, channels: int, style_width: int) -> None:
        super().__init__()
        self.conv = ModulatedConv2d(channels, 3, 1, style_width, demodulate=False)
        with torch.no_grad():
            self.conv.weight.mul_(FAINT)
        self.bias = nn.Parameter(torch.zeros(1, 3, 1, 1))

    def forward(self, x: Tensor, style: Tensor, skip: Tensor | None = None) -> Tensor:
        """Map x (B, C, H, W) to a picture (B, 3, H, W); `skip` is the one of half the size."""
        picture: Tensor = self.conv(x, style) + self.bias
        return picture if skip is None else picture + twice_as_large(skip)

    def folded(self) -> "FoldedToPicture":
        """Return what computes the same from weights that do not change any more."""
        return FoldedToPicture(self)


class FoldedToPicture(nn.Module):
    """Reads the colours with filters of each sample, which are so few that the map need not be."""

    weight: Tensor  # (3, C)
    bias: Tensor

    def __init__(self, trained: ToPicture) -> None:
        super().__init__()
        self.modulation = trained.conv.modulation
        weight = trained.conv.weight.detach()[0, :, :, 0, 0] * trained.conv.weight_scale
        self.register_buffer("weight", weight)
        self.register_buffer("bias", trained.bias.detach())

    def forward(self, x: Tensor, style: Tensor, skip: Tensor | None = None) -> Tensor:
        """Map x (B, C, H, W) to a picture (B, 3, H, W); `skip` is the one of half the size."""
        filters = self.weight * self.modulation(style)[:, None]  # (B, 3, C)
        places = x.movedim(1, -1)  # (B, H, W, C), as they lie
        colours = torch.bmm(places.flatten(1, 2), filters.mT.to(x.dtype))
        picture = colours.reshape(*places.shape[:3], 3).movedim(-1, 1) + self.bias
        return picture if skip is None else picture.add_(twice_as_large(skip))


class LearnedStart(nn.Module):
    """The constant map from which every picture grows when no start map is given."""

    def __init__(self, channels: int, size: int) -> None:
        super().__init__()
        self.input = nn.Parameter(torch.randn(1, channels, size, size))


class StyleGenerator(nn.Module):
    """Grows a picture from a small map, each step under a style.

    Args:
        style_width: length of the style vector.
        channels: width at each size, from the start map's to the picture's.
        start_size: side of the start map in pixels; each further width doubles it.
        learned_start: whether the network has a start map of its own, for calls that give none.
    """

    def __init__(
        self,
        style_width: int,
        channels: Sequence[int] = PUBLISHED_CHANNELS,
        start_size: int = 7,
        *,
        learned_start: bool = False,
    ) -> None:
        super().__init__()
        first = channels[0]
        self.sizes = tuple(start_size * 2**level for level in range(len(channels)))
        self.input = LearnedStart(first, start_size) if learned_start else None
        self.conv1 = StyledConv(ModulatedConv2d(first, first, 3, style_width), first)
        self.to_rgb1 = ToPicture(first, style_width)
        self.convs = nn.ModuleList()
        self.to_rgbs = nn.ModuleList()
        for coarse, fine in pairwise(channels):
            up = UpsamplingModulatedConv2d(coarse, fine, style_width)
            self.convs.append(StyledConv(up, fine))
            self.convs.append(StyledConv(ModulatedConv2d(fine, fine, 3, style_width), fine))
            self.to_rgbs.append(ToPicture(fine, style_width))
        self.noises = nn.Module()  # one set of noise that is kept with the weights
        for index, size in enumerate(self.noise_sizes):
            self.noises.register_buffer(f"noise_{index}", torch.randn(1, 1, size, size))

    def forward(
        self, style: Tensor, start: Tensor | None = None, noise: Sequence[Tensor] | None = None
    ) -> Tensor:
        """Return pictures (B, 3, H, W) in [-1, 1].

        Args:
            style: (B, S), one for each picture.
            start: (B or 1, C, h, w), needed by a network without a start map of its own.
            noise: one map (B or 1, 1, h, w) for each layer, of `noise_sizes`; None for no noise.
        """
        *_, last = self.skips(style, start, noise)
        return torch.tanh(last).contiguous()  # whoever sums colours in float32 then errs less

    def skips(
        self, style: Tensor, start: Tensor | None = None, noise: Sequence[Tensor] | None = None
    ) -> Iterator[Tensor]:
        """Yield the picture at each of `sizes`, smallest first, before the final tanh.

        Whoever stops early computes no larger one: small pictures can be trained first.
        """
        maps: Sequence[Tensor | None] = noise or [None] * len(self.noise_sizes)
        x = self.conv1(self._start(start), style, maps[0])
        skip = self.to_rgb1(x, style)
        yield skip
        for level, to_rgb in enumerate(self.to_rgbs):
            x = self.convs[2 * level](x, style, maps[2 * level + 1])
            x = self.convs[2 * level + 1](x, style, maps[2 * level + 2])
            skip = to_rgb(x, style, skip)
            yield skip

    def _start(self, given: Tensor | None) -> Tensor:
        if given is None:
            assert self.input is not None, "this generator has no start map of its own"
            given = self.input.input
        return given.contiguous(memory_format=torch.channels_last)  # convolutions are faster so

    @property
    def noise_sizes(self) -> tuple[int, ...]:
        """Side of each layer's noise, in the order of the layers."""
        return self.sizes[:1] + tuple(size for size in self.sizes[1:] for _ in range(2))

    def draw_noise(self, random: torch.Generator, batch: int = 1) -> list[Tensor]:
        """Return new noise for `forward`, drawn where `random` lives, layer by layer."""
        return [
            torch.randn(batch, 1, size, size, generator=random, device=random.device).to(
                self.to_rgb1.bias
            )
            for size in self.noise_sizes
        ]

    def kept_noise(self) -> list[Tensor]:
        """Return the noise that is kept with the weights."""
        return list(self.noises.buffers())
