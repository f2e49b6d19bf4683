"""The losses of this method that no other has: on flows, masks and regions.

Paper: arXiv:2007.08547, section 4. Adversarial and feature losses stand in `talkingface.nn.gan`,
the perceptual one in `talkingface.nn.perceptual`. The authors' teacher of flows is FlowNet2; ours
is in `optical_flow`.
"""

import torch.nn.functional as F
from torch import Tensor

from talkingface.models.rhythmic_head_motion.flow import Warped, warp

SAME_COLOUR = 0.02  # squared distance of RGB in [-1, 1] below which a taught flow is believed


def confidence(target: Tensor, picture: Tensor, flow: Tensor) -> Tensor:
    """Return where a taught flow explains the target: (B, 1, H, W), 1 or 0.

    Args:
        target: (B, 3, H, W) in [-1, 1].
        picture: the one that is moved, (B, 3, H, W).
        flow: from target to picture in pixels, (B, 2, H, W).
    """
    moved = warp(picture, flow, quirks="mended")  # a teacher's pixels are exact
    distance = (target - moved).square().sum(dim=1, keepdim=True)
    return (distance < SAME_COLOUR).to(target)


def flow_distance(flow: Tensor, taught: Tensor, confident: Tensor) -> Tensor:
    """Return the L1 distance of flows (B, 2, H, W) where the teacher is confident (B, 1, H, W)."""
    return F.l1_loss(flow * confident, taught * confident)


def warp_distance(warped: Warped, target: Tensor) -> Tensor:
    """Return the L1 distance of the warped picture from the target (B, 3, H, W)."""
    return F.l1_loss(warped.picture, target)


def mask_distance(warped: Warped, target: Tensor) -> Tensor:
    """Return how far the mask is from 0 where the warped picture fits, and from 1 elsewhere.

    The fit is measured, not learned: no gradient reaches the flow.
    """
    distance = (warped.picture.detach() - target).abs().sum(dim=1, keepdim=True)
    fit = (1 - distance).clamp(0, 1)
    misfit = 1 - fit
    return (warped.mask * fit).abs().mean() + F.l1_loss(warped.mask * misfit, misfit)


def region_distance(image: Tensor, target: Tensor, region: Tensor) -> Tensor:
    """Return the L1 distance of images (B, 3, H, W) within a region (B, 1, H, W) of 0 and 1."""
    return F.l1_loss(image * region, target * region)
