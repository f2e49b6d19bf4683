"""The laws of the perceptual loss; the authors' numbers are met in tests/parity/pc_avs."""

import pytest
import torch
from torch import nn

from talkingface.nn.perceptual import PerceptualLoss, VGG19Features


class TwoMaps(nn.Module):
    """Stands for VGG-19: a picture, and its double."""

    def forward(self, pictures):
        return [1 * pictures, 2 * pictures]


def test_maps_are_weighed():
    loss = PerceptualLoss(TwoMaps(), weights=(10, 1))
    distance = loss(torch.full((1, 3, 4, 4), 0.5), torch.zeros(1, 3, 4, 4))
    assert distance.item() == pytest.approx(10 * 0.5 + 1 * 1.0)


def test_a_loss_needs_a_weight_for_every_map():
    with pytest.raises(ValueError, match="zip"):
        PerceptualLoss(TwoMaps(), weights=(1,))(torch.zeros(1, 3, 4, 4), torch.zeros(1, 3, 4, 4))


def test_only_the_fake_picture_learns():
    loss = PerceptualLoss(TwoMaps(), weights=(1, 1))
    fake = torch.rand(1, 3, 4, 4, requires_grad=True)
    real = torch.rand(1, 3, 4, 4, requires_grad=True)
    loss(fake, real).backward()
    assert fake.grad.abs().min() > 0
    assert real.grad is None


def test_the_features_are_never_trained():
    with torch.device("meta"):
        network = VGG19Features()
    assert not any(parameter.requires_grad for parameter in network.parameters())
    # of conv1_1 to conv5_1, by the paper's table of widths
    assert sum(parameter.numel() for parameter in network.parameters()) == 12_944_960
