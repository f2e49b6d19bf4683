"""Codes of the last batches: correlations are of more faces than a batch has."""

import torch
from torch import Tensor, nn


class CodeMemory(nn.Module):
    """Keeps the newest codes.

    Args:
        num_codes: how many.
        width: length of a code.
    """

    codes: Tensor  # (num_codes, width), the newest first
    num_kept: Tensor  # ()

    def __init__(self, num_codes: int, width: int) -> None:
        super().__init__()
        self.register_buffer("codes", torch.zeros(num_codes, width))
        self.register_buffer("num_kept", torch.zeros((), dtype=torch.long))

    def with_past(self, codes: Tensor) -> Tensor:
        """Return codes (B, W) and those before them, (B + P, W); in training, keep them.

        What is past has no gradient.
        """
        past = self.codes[: int(self.num_kept)].clone()
        if self.training:
            newest = torch.cat([codes.detach().to(self.codes), self.codes])
            self.codes.copy_(newest[: len(self.codes)])
            self.num_kept.add_(len(codes)).clamp_(max=len(self.codes))
        return torch.cat([codes.float(), past])
