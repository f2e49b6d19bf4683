"""The mapping network of StyleGAN2: eight layers that untangle a random vector into a style.

PC-AVS and PD-FGC carry one in their published files (``style.*``, more than half of the generator's
parameters) and never run it. It stands here so that those files can be read whole.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from talkingface.nn.equalized import EqualizedLinear

SLOW = 0.01  # rate of learning, of StyleGAN


class MappingNetwork(nn.Sequential):
    """Equalised layers of one width; published files count them from 1."""

    def __init__(self, width: int, num_layers: int = 8) -> None:
        super().__init__()
        for index in range(1, num_layers + 1):
            self.add_module(str(index), EqualizedLinear(width, width, rate=SLOW))

    def forward(self, z: Tensor) -> Tensor:
        """Map z (B, S), whatever its length, to styles (B, S)."""
        x = z * torch.rsqrt(z.square().mean(dim=1, keepdim=True) + 1e-8)
        for layer in self:
            x = F.leaky_relu(layer(x), 0.2) * 2**0.5
        return x
