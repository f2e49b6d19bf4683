"""Modulation of input and output against the paper's: filters of its own for each sample."""

import pytest
import torch
import torch.nn.functional as F

from talkingface.nn.binomial import smooth
from talkingface.nn.modulated_conv import ModulatedConv2d, UpsamplingModulatedConv2d

TOLERANCE = 1e-12  # float64


@pytest.fixture(autouse=True)
def _seeded():
    torch.manual_seed(0)


def own_filters(layer, style):
    """Return each sample's filters, (B, out, in, k, k), as eq. 1 and 3 of StyleGAN2 write them."""
    modulation = layer.modulation
    scales = style @ modulation.weight.T / modulation.weight.shape[1] ** 0.5 + modulation.bias
    fan_in = layer.weight[0, 0].numel()
    filters = layer.weight / fan_in**0.5 * scales[:, None, :, None, None]
    if layer.demodulate:
        filters = filters / (filters.square().sum(dim=(2, 3, 4), keepdim=True) + 1e-8).sqrt()
    return filters


@pytest.mark.parametrize(("kernel_size", "demodulate"), [(3, True), (1, False)])
def test_one_shared_weight_does_what_filters_of_each_sample_do(kernel_size, demodulate):
    layer = ModulatedConv2d(4, 6, kernel_size, 5, demodulate=demodulate).double()
    x, style = torch.randn(3, 4, 8, 8).double(), torch.randn(3, 5).double()
    filters = own_filters(layer, style)
    theirs = [
        F.conv2d(sample[None], own, padding=kernel_size // 2)
        for sample, own in zip(x, filters, strict=True)
    ]
    torch.testing.assert_close(layer(x, style), torch.cat(theirs), rtol=0, atol=TOLERANCE)


def test_enlarging_does_what_filters_of_each_sample_do():
    layer = UpsamplingModulatedConv2d(4, 6, 5).double()
    x, style = torch.randn(3, 4, 7, 7).double(), torch.randn(3, 5).double()
    filters = own_filters(layer, style).transpose(1, 2)
    theirs = [
        smooth(F.conv_transpose2d(sample[None], own, stride=2))
        for sample, own in zip(x, filters, strict=True)
    ]
    out = layer(x, style)
    assert out.shape == (3, 6, 14, 14)
    torch.testing.assert_close(out, torch.cat(theirs), rtol=0, atol=TOLERANCE)


def test_the_strength_of_a_style_does_not_change_the_strength_of_the_output():
    layer = ModulatedConv2d(4, 6, 3, 5).double()
    with torch.no_grad():
        layer.modulation.bias.zero_()
    x, style = torch.randn(2, 4, 8, 8).double(), torch.randn(2, 5).double()
    weak, strong = layer(x, style), layer(x, 100 * style)
    torch.testing.assert_close(weak, strong, rtol=1e-6, atol=1e-6)  # 1e-8 keeps them apart


def test_gradients_reach_input_style_and_weight():
    layer = UpsamplingModulatedConv2d(2, 3, 2).double()
    x = torch.randn(2, 2, 3, 3, dtype=torch.float64, requires_grad=True)
    style = torch.randn(2, 2, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(layer, (x, style))
    layer(x, style).square().sum().backward()
    assert layer.weight.grad.abs().min() > 0


def test_one_start_map_serves_all_styles():
    layer = ModulatedConv2d(4, 6, 3, 5)
    x, style = torch.randn(1, 4, 8, 8), torch.randn(3, 5)
    torch.testing.assert_close(layer(x, style), layer(x.expand(3, -1, -1, -1), style))


def test_styles_stay_precise_where_convolutions_are_not():
    layer = ModulatedConv2d(64, 64, 3, 32)
    x, style = torch.randn(2, 64, 16, 16), torch.randn(2, 32)
    full = layer(x, style)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        half = layer(x, style)
    assert half.dtype == torch.bfloat16
    # bfloat16 has 8 bits; 576 products are summed in float32
    assert (half.float() - full).abs().max() < 0.03
