"""The law of PC-AVS's own loss; the authors' numbers are met in tests/parity."""

import torch

from talkingface.models.pc_avs.losses import uniformity


def test_scores_that_tell_nothing_are_uniform():
    assert uniformity(torch.zeros(3, 5)) < 1e-12
    certain = torch.tensor([[100.0, 0, 0, 0]])
    assert uniformity(certain).item() == ((1 - 0.25) ** 2 + 3 * 0.25**2) / 4
