"""The discriminator: is this frame true, given the drawing it shows and a reference of its face?

Paper: arXiv:2007.08547, section 4. The network is the common patch discriminator at one size.
"""

import torch
from torch import Tensor

from talkingface.models.rhythmic_head_motion.generator import Source
from talkingface.nn.gan import Adversary
from talkingface.nn.patch_discriminator import MultiScaleDiscriminator

NUM_JUDGING_LAYERS = 5
IN_CHANNELS = 1 + 3 + 1 + 3  # what `judged` puts together


def judged(reference: Source, target_label: Tensor, image: Tensor) -> Tensor:
    """Return what the discriminator sees, (B, 8, H, W): an image (B, 3, H, W) and its conditions.

    Args:
        reference: the picture that is warped, with its drawing.
        target_label: (B, 1, H, W) in [0, 1].
        image: true or generated, (B, 3, H, W) in [-1, 1].
    """
    return torch.cat([reference.label, reference.picture, target_label, image], dim=1)


def adversary(channels: int = 32, num_scales: int = 1) -> Adversary:
    """Return the discriminator with its losses; `channels` is the width of its first layer.

    Quirk: what the generator gains by fooling ends at the margin (``clipped_hinge``).
    """
    network = MultiScaleDiscriminator(IN_CHANNELS, channels, NUM_JUDGING_LAYERS, num_scales)
    return Adversary(network, "clipped_hinge")
