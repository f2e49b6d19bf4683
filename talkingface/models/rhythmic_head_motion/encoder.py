"""The hybrid embedding: N references become one map of image and one of label features.

Paper: arXiv:2007.08547, section 3.3. What depends on the references alone is made once for a
video (`encode`); only the attention, and what lies behind it, belongs to a frame (`pool`).
"""

from dataclasses import dataclass

import torch
from einops import rearrange
from torch import Tensor, nn

from talkingface.models.rhythmic_head_motion.blocks import (
    ConvBlock,
    ResidualBlock,
    Tower,
    in_parts,
)


@dataclass(frozen=True)
class ReferenceFeatures:
    """What a video's references have to say, at the level of the attention.

    N references, C channels; one row a video, or one row a sample of a batch.
    """

    image: Tensor  # (B, N, C, h, w)
    label: Tensor  # (B, N, C, h, w)
    image_summary: Tensor | None = None  # (B, C, h, w): added whatever the target is
    label_summary: Tensor | None = None
    keys: Tensor | None = None  # (B, N, K, h, w): what the attention compares


class Fusion(nn.Module):
    """Lets image and label features of the references know of each other.

    The number of references is a part of the shapes: a checkpoint fits its own number alone.
    """

    def __init__(self, channels: int, num_references: int) -> None:
        super().__init__()
        self.joint = ResidualBlock(2 * channels, channels)
        self.image = ConvBlock(2 * channels, channels)
        self.label = ConvBlock(2 * channels, channels)
        self.image_summary = ConvBlock(num_references * channels, channels)
        self.label_summary = ConvBlock(num_references * channels, channels)

    def forward(self, image: Tensor, label: Tensor) -> ReferenceFeatures:
        """Fuse features (B, N, C, h, w)."""
        num_references = image.shape[1]
        parts = zip(*(in_parts(_fold(one), self.training) for one in (image, label)), strict=True)
        fused_image, fused_label = zip(*(self._fused(*part) for part in parts), strict=True)
        return ReferenceFeatures(
            _unfold(torch.cat(fused_image), num_references),
            _unfold(torch.cat(fused_label), num_references),
            self.image_summary(image.flatten(1, 2)),  # (B, N * C, h, w)
            self.label_summary(label.flatten(1, 2)),
        )

    def _fused(self, image: Tensor, label: Tensor) -> tuple[Tensor, Tensor]:
        """Fuse features (B, C, h, w) of some references."""
        joint = self.joint(torch.cat([image, label], dim=1))
        return self.image(torch.cat([image, joint], 1)), self.label(torch.cat([label, joint], 1))


class ReferenceEncoder(nn.Module):
    """A tower for the pictures and one for their drawings, that meet at one level.

    With `fused` this is the hybrid embedding of the paper, without it the two towers of its
    predecessor. One reference has nothing to be fused with: the two are then the same.
    """

    def __init__(
        self,
        channels: tuple[int, ...],
        num_references: int,
        meeting_level: int,
        *,
        fused: bool = True,
        label_channels: int = 1,
    ) -> None:
        super().__init__()
        self.meeting_level = meeting_level
        self.image = Tower(3, channels)
        self.label = Tower(label_channels, channels)
        fusable = fused and num_references > 1
        self.fusion = Fusion(channels[meeting_level], num_references) if fusable else None

    def encode(self, images: Tensor, labels: Tensor) -> ReferenceFeatures:
        """Encode the references: images (B, N, 3, H, W) and their drawings (B, N, 1, H, W)."""
        num_references = images.shape[1]
        image, label = (
            _unfold(tower.one_by_one(_fold(pictures), self.meeting_level), num_references)
            for tower, pictures in ((self.image, images), (self.label, labels))
        )
        return ReferenceFeatures(image, label) if self.fusion is None else self.fusion(image, label)

    def pool(self, references: ReferenceFeatures, attention: Tensor) -> tuple[Tensor, Tensor]:
        """Return image and label features (B, D, h', w') of the last level.

        Args:
            references: of `encode`, for B samples or for one video.
            attention: (B, N, h, w).
        """
        image = _weighted(references.image, attention, references.image_summary)
        label = _weighted(references.label, attention, references.label_summary)
        last = len(self.image.down)
        return (
            self.image.descend(image, self.meeting_level, last),
            self.label.descend(label, self.meeting_level, last),
        )


def _weighted(features: Tensor, attention: Tensor, summary: Tensor | None) -> Tensor:
    # Reference by reference, since einsum makes a small matrix product of every place.
    pooled = torch.zeros_like(features[:, 0]) if summary is None else summary
    for weights, one in zip(attention.unsqueeze(2).unbind(1), features.unbind(1), strict=True):
        pooled = torch.addcmul(pooled, weights, one)
    return pooled


def _fold(references: Tensor) -> Tensor:
    return rearrange(references, "b n c h w -> (b n) c h w")


def _unfold(flat: Tensor, num_references: int) -> Tensor:
    return rearrange(flat, "(b n) c h w -> b n c h w", n=num_references)
