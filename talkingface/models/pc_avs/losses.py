"""The loss of PC-AVS that no other method has.

H. Zhou et al., CVPR 2021, section 3.4. Adversarial, feature and pixel losses stand in
`talkingface.nn.gan`, the contrast of sounds and mouths in `talkingface.nn.contrast`, the perceptual
one in `talkingface.nn.perceptual`; the loss of identities is plain cross-entropy. The optional loss
on VGGFace features is left out: its network is not public.
"""

from torch import Tensor


def uniformity(scores: Tensor) -> Tensor:
    """Return how far class probabilities are from uniform: 0 where scores (B, N) tell nothing.

    Of scores made from pose codes this keeps words and identities out of the pose. The published
    program computes it without a gradient; here it has one.
    """
    return (scores.softmax(dim=1) - 1 / scores.shape[1]).square().mean()
