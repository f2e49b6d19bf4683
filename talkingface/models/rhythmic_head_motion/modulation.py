"""Scale and shift of features by a map: what SPADE does after its norm.

The two 1x1 convolutions that make scale and shift are learned, or generated for each sample.
"""

from dataclasses import dataclass, replace
from typing import Literal

import torch
from torch import Tensor, nn

from talkingface.nn.packing import pointwise

Quirks = Literal["kept", "mended"]
"""Whether slips of the published program are kept, as its weights need, or mended.

Mended, generated biases are used (`GeneratedModulation`), labels are enlarged whole
(`LabelEmbedding`) and a zero flow moves nothing (`warp`). Nor do generated weights (`correlation`)
and flows (`FlowNetwork`) depend on the size of the pictures, which may so grow during training. The
shapes of all weights are the same.
"""


def layout_of(features: Tensor) -> torch.memory_format:
    """Return whether the channels of a place (B, C, H, W) lie together, or the places of each."""
    together = features.is_contiguous(memory_format=torch.channels_last)
    return torch.channels_last if together else torch.contiguous_format


@dataclass(frozen=True)
class PointwiseConv:
    """A 1x1 convolution of its own for each sample."""

    weight: Tensor  # (B, D, C)
    bias: Tensor  # (B, D)

    def __call__(self, features: Tensor, *, with_bias: bool = True) -> Tensor:
        """Map (B, C, H, W) to (B, D, H, W)."""
        weight, bias = self.weight.to(features.dtype), self.bias.to(features.dtype)
        if len(weight) == 1:
            filters = weight[0, :, :, None, None]
            return pointwise(features, filters, bias[0] if with_bias else None)
        if layout_of(features) == torch.channels_last:
            places = features.movedim(1, -1)  # (B, H, W, C), as they lie
            flat = places.flatten(1, 2)
            if with_bias:
                flat = torch.baddbmm(bias.unsqueeze(1), flat, weight.mT)
            else:
                flat = torch.bmm(flat, weight.mT)
            return flat.reshape(*places.shape[:3], -1).movedim(-1, 1)
        flat = torch.bmm(weight, features.flatten(2))
        if with_bias:
            flat += bias.unsqueeze(-1)
        return flat.reshape(*flat.shape[:2], *features.shape[-2:])


@dataclass(frozen=True)
class GeneratedModulation:
    """Scale and shift whose convolutions were made from the references."""

    scale: PointwiseConv
    shift: PointwiseConv
    quirks: Quirks = "kept"

    def __call__(self, features: Tensor, condition: Tensor) -> Tensor:
        """Modulate (B, D, H, W) by a map (B, C, H, W)."""
        # Quirk: an indexing slip of the original loses the generated biases.
        with_bias = self.quirks == "mended"
        scale = self.scale(condition, with_bias=with_bias)
        return features * (1 + scale) + self.shift(condition, with_bias=with_bias)

    def after(self, gain: Tensor, offset: Tensor) -> tuple[PointwiseConv, PointwiseConv]:
        """Return what makes factor and summand of features before a norm.

        Args:
            gain: of the norm, (D,).
            offset: that the norm adds, (D,).
        """
        scale, shift = self.scale, self.shift
        if self.quirks == "kept":  # see above
            scale, shift = (replace(one, bias=torch.zeros_like(one.bias)) for one in (scale, shift))
        rows = offset[:, None]
        factor = PointwiseConv(gain[:, None] * scale.weight, gain * (1 + scale.bias))
        summand = PointwiseConv(
            shift.weight + rows * scale.weight, shift.bias + offset * (1 + scale.bias)
        )
        return factor, summand


class LearnedModulation(nn.Module):
    """Scale and shift whose convolutions are the same for everyone."""

    def __init__(self, channels: int, condition_channels: int) -> None:
        super().__init__()
        self.scale = nn.Conv2d(condition_channels, channels, 1)
        self.shift = nn.Conv2d(condition_channels, channels, 1)

    def forward(self, features: Tensor, condition: Tensor) -> Tensor:
        """Modulate (B, D, H, W) by a map (B, C, H, W)."""
        modulated: Tensor = features * (1 + self.scale(condition)) + self.shift(condition)
        return modulated

    def after(self, gain: Tensor, offset: Tensor) -> "FoldedModulation":
        """Return what modulates features before a norm, so that the norm need not be computed.

        Args:
            gain: of the norm, (D,).
            offset: that the norm adds, (D,).
        """
        scale, shift = self.scale, self.shift
        assert scale.bias is not None
        assert shift.bias is not None
        with torch.no_grad():
            rows = (slice(None), None, None, None)
            shift.weight += offset[rows] * scale.weight
            shift.bias += offset * (1 + scale.bias)
            scale.weight *= gain[rows]
            scale.bias.add_(1).mul_(gain)
        return FoldedModulation(scale, shift)


class FoldedModulation(nn.Module):
    """What makes factor and summand of features from a map."""

    def __init__(self, factor: nn.Conv2d, summand: nn.Conv2d) -> None:
        super().__init__()
        self.factor, self.summand = factor, summand
