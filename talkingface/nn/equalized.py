"""The equalised linear layer of StyleGAN: its scale is applied at run time, not at the start.

Weights begin as N(0, 1) whatever the width, so that Adam moves all layers at the same pace.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class EqualizedLinear(nn.Module):
    """A linear layer whose weight and bias are scaled in every call.

    Args:
        in_features: width of the input.
        out_features: width of the output.
        initial_bias: what every bias begins as, before `rate` scales it.
        rate: factor of the learning rate; below 1 the layer learns more slowly.
    """

    def __init__(
        self, in_features: int, out_features: int, initial_bias: float = 0.0, rate: float = 1.0
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_features, in_features) / rate)
        self.bias = nn.Parameter(torch.full((out_features,), initial_bias))
        self.weight_scale = rate / in_features**0.5
        self.bias_scale = rate

    def forward(self, x: Tensor) -> Tensor:
        """Map x (B, in_features) to (B, out_features)."""
        return F.linear(x, self.weight * self.weight_scale, self.bias * self.bias_scale)

    @torch.no_grad()
    def folded(self) -> nn.Linear:
        """Return a plain layer that computes the same."""
        plain = nn.Linear(self.weight.shape[1], self.weight.shape[0], device="meta")
        plain.weight = nn.Parameter(self.weight * self.weight_scale)
        plain.bias = nn.Parameter(self.bias * self.bias_scale)
        return plain
