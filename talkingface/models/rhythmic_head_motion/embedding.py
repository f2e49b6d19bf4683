"""Maps for the norms: the target's drawing and the warped pictures, at the sizes of the levels.

Paper: arXiv:2007.08547, section 3.4.
"""

from collections.abc import Sequence
from itertools import pairwise

import torch.nn.functional as F
from torch import Tensor, nn

from talkingface.models.rhythmic_head_motion.blocks import activate
from talkingface.models.rhythmic_head_motion.modulation import (
    PointwiseConv,
    Quirks,
    layout_of,
)
from talkingface.models.rhythmic_head_motion.weight_generator import LevelWeights


class PictureEmbedding(nn.Module):
    """Embeds a warped picture and its mask for the levels where pictures are composed.

    The published network goes down to the bottleneck, but nothing uses what lies below these
    levels; ours ends here.
    """

    def __init__(self, channels: tuple[int, ...], in_channels: int = 4) -> None:
        super().__init__()
        self.first = nn.Conv2d(in_channels, channels[0], 3, 1, 1)
        self.down = _descent(channels)

    def forward(self, picture: Tensor) -> list[Tensor]:
        """Map (B, C, H, W) to one map for each level, the largest first."""
        maps = [activate(self.first(picture))]
        for conv in self.down:
            maps.append(activate(conv(maps[-1])))
        return maps


class LabelEmbedding(nn.Module):
    """Takes the target's drawing down to the bottleneck and up again.

    On the way up the lowest levels use learned weights, the others those made from the references.
    """

    def __init__(
        self,
        channels: tuple[int, ...],
        num_adaptive_levels: int,
        in_channels: int = 1,
        quirks: Quirks = "kept",
    ) -> None:
        super().__init__()
        self.quirks = quirks
        self.first = nn.Conv2d(in_channels, channels[0], 3, 1, 1)
        self.down = _descent(channels)
        self.up = nn.ModuleDict(
            {
                str(level): nn.ConvTranspose2d(
                    channels[level + 1], channels[level], 3, 2, 1, output_padding=1
                )
                for level in range(num_adaptive_levels, len(channels) - 1)
            }
        )

    def forward(self, label: Tensor, weights: Sequence[LevelWeights]) -> list[Tensor]:
        """Return a map for each level, the largest first.

        Args:
            label: (B, 1, H, W).
            weights: of the adaptive levels, for each sample.
        """
        features = activate(self.first(label))
        for conv in self.down:
            features = activate(conv(features))
        maps = [features]
        for conv in reversed(list(self.up.values())):
            maps.append(activate(conv(maps[-1])))
        for level in reversed(weights):
            maps.append(self._enlarged(maps[-1], level.embedding))
        return maps[::-1]

    def _enlarged(self, features: Tensor, conv: PointwiseConv) -> Tensor:
        """Return the map of the next larger level from (B, C, H, W), with generated weights."""
        if self.quirks == "mended":
            return activate(F.interpolate(conv(features), scale_factor=2.0))
        # Quirk: a transposed 1x1 convolution of stride 2. Three of four pixels are its bias alone;
        # an activation is missing.
        narrow = conv(features, with_bias=False)
        height, width = features.shape[-2:]
        bias = conv.bias[:, :, None, None].to(narrow.dtype).expand(-1, -1, 2 * height, 2 * width)
        spread = bias.clone(memory_format=layout_of(narrow))
        spread[:, :, ::2, ::2] += narrow
        return spread


def _descent(channels: tuple[int, ...]) -> nn.ModuleList:
    return nn.ModuleList(nn.Conv2d(narrow, wide, 3, 2, 1) for narrow, wide in pairwise(channels))
