"""The equalised linear layer against what StyleGAN defines."""

import torch

from talkingface.nn.equalized import EqualizedLinear


def test_the_layer_scales_weight_and_bias_in_every_call():
    torch.manual_seed(0)
    layer = EqualizedLinear(16, 3, initial_bias=2.0, rate=0.5).double()
    x = torch.randn(4, 16).double()
    expected = x @ layer.weight.T * 0.5 / 4 + 2.0 * 0.5
    torch.testing.assert_close(layer(x), expected, rtol=0, atol=1e-12)


def test_outputs_begin_with_unit_variance_whatever_width_and_rate():
    torch.manual_seed(0)
    for width, rate in ((64, 1.0), (1024, 0.01)):
        out = EqualizedLinear(width, 256, rate=rate)(torch.randn(512, width))
        assert abs(out.std() - 1) < 0.02  # of 131,072 numbers, not all independent
