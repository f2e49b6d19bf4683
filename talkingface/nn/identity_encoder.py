"""The encoder that sees who is in a portrait, in PC-AVS and as appearance encoder in PD-FGC.

A ResNeXt whose last map is read twice: averaged it is the identity's part of the style, and through
a 1x1 convolution it is the map from which the generator grows its picture. Names of parameters are
those of the published checkpoints, without the thousand classes of ImageNet (``model.fc``).
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch.nn.functional as F
from einops import rearrange, reduce
from torch import Tensor, nn

from talkingface.nn.precision import in_full
from talkingface.nn.resnext import ResNeXt


class Identity(NamedTuple):
    """Who is to be seen: a part of the style and, where a portrait gave it, the start map."""

    vector: Tensor  # (B, D)
    start: Tensor | None  # (B, C, 7, 7)

    def repeated(self, num_frames: int) -> "Identity":
        """Return each identity `num_frames` times in a row, for that many frames of each clip."""
        start = None if self.start is None else self.start.repeat_interleave(num_frames, dim=0)
        return Identity(self.vector.repeat_interleave(num_frames, dim=0), start)


class IdentityEncoder(nn.Module):
    """Sees a person in one or more portraits.

    Args:
        channels: width of the trunk's stem; the identity vector has 32 times as many numbers.
        depths, groups, group_width, last_stride: of the trunk, see `ResNeXt`.
        map_channels: width of the start map.
        map_size: side of the start map in pixels.
        num_classes: people to tell apart in training; none for a network that only generates.
    """

    def __init__(
        self,
        channels: int = 64,
        depths: Sequence[int] = (3, 4, 6, 3),
        groups: int = 32,
        group_width: int = 4,
        last_stride: int = 2,
        map_channels: int = 512,
        map_size: int = 7,
        num_classes: int | None = None,
    ) -> None:
        super().__init__()
        self.model = ResNeXt(channels, depths, groups, group_width, last_stride)
        self.conv1x1 = nn.Conv2d(self.model.out_channels, map_channels, 1)
        self.fc = nn.Linear(self.model.out_channels, num_classes) if num_classes else None
        self.map_size = map_size

    def forward(self, references: Tensor) -> Identity:
        """Return the identity of portraits (B, R, 3, H, W), averaged over the R of each person."""
        seen = self.model(rearrange(references, "b r c h w -> (b r) c h w"))
        start = F.adaptive_avg_pool2d(self.conv1x1(seen), self.map_size)
        people = references.shape[0]
        return Identity(
            vector=reduce(in_full(seen), "(b r) d h w -> b d", "mean", b=people),
            start=reduce(in_full(start), "(b r) c h w -> b c h w", "mean", b=people),
        )

    def scores(self, vector: Tensor) -> Tensor:
        """Return how much each vector (B, D) looks like each person of training, (B, N)."""
        assert self.fc is not None, "this network was built without classes"
        scores: Tensor = self.fc(vector)
        return scores
