"""The trunk of the speech encoders; the authors' numbers are met in tests/parity/pc_avs."""

import pytest
import torch

from talkingface.nn.speech_resnet import SpeechResNet, SqueezeExcitation


@pytest.mark.parametrize("rows", [80, 77, 320])
def test_the_first_axis_may_have_any_length_that_the_network_was_made_for(rows):
    network = SpeechResNet(rows, out_features=6, channels=8, depths=(1, 1, 1, 1)).eval()
    assert network(torch.rand(2, rows, 20)).shape == (2, 6)


def test_the_second_axis_is_pooled_whatever_its_length():
    torch.manual_seed(0)
    network = SpeechResNet(80, out_features=6, channels=8, depths=(1, 1, 1, 1)).eval()
    steady = torch.rand(1, 80, 1)
    short, long = network(steady.expand(-1, -1, 80)), network(steady.expand(-1, -1, 160))
    # A steady sound is the same at any length, but for its two ends.
    torch.testing.assert_close(short, long, rtol=0, atol=0.05)


def test_channels_are_weighed_between_zero_and_one():
    torch.manual_seed(0)
    layer = SqueezeExcitation(16)
    x = torch.randn(2, 16, 5, 5)
    weights = layer(x) / x
    assert ((weights > 0) & (weights < 1)).all()
    # one weight a channel; the division costs a few digits
    assert weights.std(dim=(2, 3)).max() < 1e-6
