"""How what is heard and what is seen of a mouth come to one code, in PC-AVS and in PD-FGC.

H. Zhou et al., CVPR 2021, section 3.2; D. Wang et al., CVPR 2023, section 3.2.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

SPEECH_LOSSES = ("speech_to_mouth", "mouth_to_speech", "cross_modal")


def brought_together(heard: Tensor, seen: Tensor) -> dict[str, Tensor]:
    """Return how far sounds (N, D) and the mouths (N, D) of the same moments are apart."""
    return {
        "speech_to_mouth": contrastive(heard, seen.detach()),
        "mouth_to_speech": contrastive(seen, heard.detach()),
        "cross_modal": cross_modal(heard, seen),
    }


def contrastive(anchors: Tensor, candidates: Tensor) -> Tensor:
    """Return how hard it is to find each anchor's own candidate among all of them.

    Similarity is one over the distance of the vectors at length 1, as in the published program (the
    papers write the cosine); the cross-entropy is taken over the candidates of each anchor. Call it
    for both directions, and detach the side that is to stay.

    Args:
        anchors: (N, D), one moment each.
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


def cross_modal(heard: Tensor, seen: Tensor) -> Tensor:
    """Return the L1 distance of what was heard (B, D) from what was seen, which stays."""
    return F.l1_loss(heard, seen.detach())
