"""The way round a block against torch's own strided convolution."""

import pytest
import torch
from torch import nn

from talkingface.nn.shortcut import PointwiseConv, shortcut


@pytest.mark.parametrize("side", [8, 7])
def test_every_second_point_is_read_as_by_a_stride_of_two(side):
    ours = PointwiseConv(6, 10, pace=2).double()
    theirs = nn.Conv2d(6, 10, 1, stride=2, bias=False).double()
    theirs.load_state_dict(ours.state_dict())
    ours_in = torch.randn(2, 6, side, side, dtype=torch.float64, requires_grad=True)
    theirs_in = ours_in.detach().clone().requires_grad_()
    torch.testing.assert_close(ours(ours_in), theirs(theirs_in))
    for network, x in ((ours, ours_in), (theirs, theirs_in)):
        network(x).square().sum().backward()
    torch.testing.assert_close(ours_in.grad, theirs_in.grad)
    torch.testing.assert_close(ours.weight.grad, theirs.weight.grad)


def test_few_channels_that_come_last_have_the_gradient_of_channels_that_come_first():
    """Here the strided convolution of torch 2.13 ends the program: double free or corruption."""
    first = PointwiseConv(8, 16, pace=2)
    last = PointwiseConv(8, 16, pace=2)
    last.load_state_dict(first.state_dict())
    last.to(memory_format=torch.channels_last)
    x = torch.randn(4, 8, 80, 80)
    first(x).square().mean().backward()
    last(x.to(memory_format=torch.channels_last)).square().mean().backward()
    torch.testing.assert_close(last.weight.grad, first.weight.grad)


def test_where_the_sizes_agree_nothing_stands_in_the_way():
    assert isinstance(shortcut(8, 8, stride=1), nn.Identity)
    assert shortcut(8, 16, stride=1)(torch.zeros(1, 8, 4, 4)).shape == (1, 16, 4, 4)
