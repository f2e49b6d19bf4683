"""Spectral norm against NumPy's singular values."""

import numpy as np
import torch
from torch import nn

from talkingface.nn.spectral_norm import fold, own_name, spectral_norm


def test_the_largest_singular_value_becomes_one():
    torch.manual_seed(0)
    layer = spectral_norm(nn.Conv2d(3, 5, 4))
    for _ in range(50):
        layer(torch.zeros(1, 3, 4, 4))  # each use in training refines the estimate
    weight = layer.eval().weight.detach().flatten(1).numpy()
    assert abs(np.linalg.norm(weight, ord=2) - 1) < 1e-3  # the power method's, 50 steps


def test_folding_changes_nothing_but_the_cost():
    torch.manual_seed(0)
    network = nn.Sequential(spectral_norm(nn.Conv2d(3, 5, 4)), nn.ReLU()).eval()
    x = torch.randn(2, 3, 9, 9)
    before = network(x)
    fold(network)
    assert network(x).equal(before)
    assert list(network.state_dict()) == ["0.bias", "0.weight"]


def test_published_names_are_found():
    layer = spectral_norm(nn.Conv2d(3, 5, 4, bias=False))
    published = ("conv.weight_orig", "conv.weight_u", "conv.weight_v")
    assert {own_name(name) for name in published} == {f"conv.{name}" for name in layer.state_dict()}
    assert own_name("bias") == "bias"
