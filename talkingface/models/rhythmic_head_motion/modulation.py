"""Scale and shift of features by a map: what SPADE does after its norm.

The two 1x1 convolutions that make scale and shift are learned, or generated for each sample.
"""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

Quirks = Literal["kept", "mended"]
"""Whether slips of the published program are kept, as its weights need, or mended.

Mended, generated biases are used (`GeneratedModulation`), labels are enlarged whole
(`LabelEmbedding`) and a zero flow moves nothing (`warp`). Nor do generated weights (`correlation`)
and flows (`FlowNetwork`) depend on the size of the pictures, which may so grow during training. The
shapes of all weights are the same.
"""


@dataclass(frozen=True)
class PointwiseConv:
    """A 1x1 convolution of its own for each sample."""

    weight: Tensor  # (B, D, C)
    bias: Tensor  # (B, D)

    def __call__(self, features: Tensor, *, with_bias: bool = True) -> Tensor:
        """Map (B, C, H, W) to (B, D, H, W)."""
        flat = torch.bmm(self.weight, features.flatten(2))
        if with_bias:
            flat = flat + self.bias.unsqueeze(-1)
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
