"""Where to look: for each place of the target, how much each reference has to say.

Paper: arXiv:2007.08547, section 3.3 (hybrid embedding). The comparison is between landmark
drawings alone, so the keys of the references are made once for a video.
"""

import torch
from einops import rearrange
from torch import Tensor, nn

from talkingface.models.rhythmic_head_motion.blocks import Tower


class ReferenceAttention(nn.Module):
    """Compares the target's drawing with those of the references, place by place."""

    def __init__(self, channels: tuple[int, ...], label_channels: int = 1) -> None:
        super().__init__()
        self.query = Tower(label_channels, channels)
        self.key = Tower(label_channels, channels)

    def keys(self, labels: Tensor) -> Tensor:
        """Map the references' drawings (B, N, C, H, W) to keys (B, N, K, h, w)."""
        num_references = labels.shape[1]
        flat = rearrange(labels, "b n c h w -> (b n) c h w")
        keys = self.key.one_by_one(flat, len(self.key.down))
        return keys.reshape(-1, num_references, *keys.shape[1:])

    def forward(self, target_label: Tensor, keys: Tensor) -> Tensor:
        """Return weights (B, N, h, w) that sum to 1 over the references.

        Args:
            target_label: (B, C, H, W).
            keys: of `keys`, (B, N, K, h, w), or (1, N, K, h, w) for frames of one video.
        """
        query = self.query(target_label)
        energy = torch.stack([(query * key).sum(dim=1) for key in keys.unbind(1)], dim=1)
        return energy.softmax(dim=1)  # the original does not scale the energy


def uniform_attention(target_label: Tensor, features: Tensor) -> Tensor:
    """Return equal weights (B, N, h, w): the ablation without attention.

    Args:
        target_label: (B, C, H, W).
        features: of the references, (B or 1, N, D, h, w).
    """
    _, num_references, _, height, width = features.shape
    shape = (len(target_label), num_references, height, width)
    return features.new_full(shape, 1 / num_references)
