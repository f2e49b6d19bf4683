"""The losses of PC-AVS that no other method has.

H. Zhou et al., CVPR 2021, section 3.2 and 3.4. Adversarial, feature and pixel losses stand in
`talkingface.nn.gan`, the perceptual one in `talkingface.nn.perceptual`; the loss of identities is
plain cross-entropy. The optional loss on VGGFace features is left out: its network is not public.
"""

import torch
import torch.nn.functional as F
from torch import Tensor


def contrastive(anchors: Tensor, candidates: Tensor) -> Tensor:
    """Return how hard it is to find each anchor's own candidate among all of them.

    Similarity is one over the distance of the vectors at length 1, as in the published program (the
    paper writes the cosine); the cross-entropy is taken over the candidates of each anchor. Call it
    for both directions, and detach the side that is to stay.

    Args:
        anchors: (N, D), one clip each.
        candidates: (N, D), in the same order.
    """
    distances = torch.cdist(
        F.normalize(anchors),
        F.normalize(candidates),
        # The faster way by matrix product loses all digits of vectors that almost agree.
        compute_mode="donot_use_mm_for_euclid_dist",
    )
    # Equal vectors would be infinitely alike; no pair of float32 needs to be told nearer than this.
    similarities = 1 / distances.clamp(min=1e-6)
    return F.cross_entropy(similarities, torch.arange(len(anchors), device=anchors.device))


def uniformity(scores: Tensor) -> Tensor:
    """Return how far class probabilities are from uniform: 0 where scores (B, N) tell nothing.

    Of scores made from pose codes this keeps words and identities out of the pose. The published
    program computes it without a gradient; here it has one.
    """
    return (scores.softmax(dim=1) - 1 / scores.shape[1]).square().mean()


def cross_modal(heard: Tensor, seen: Tensor) -> Tensor:
    """Return the L1 distance of what was heard (B, D) from what was seen, which stays."""
    return F.l1_loss(heard, seen.detach())
