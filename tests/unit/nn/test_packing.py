"""Packed filters against plain ones."""

import pytest
import torch
from torch import nn

from talkingface.nn import packing
from talkingface.nn.packing import PackedConv2d, pack


@pytest.fixture(autouse=True)
def small_ones_too(monkeypatch):
    monkeypatch.setattr(packing, "FEWEST", 1)


@torch.inference_mode()
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_packed_filters_give_the_same_maps_of_any_size(dtype):
    for conv in (nn.Conv2d(32, 48, 3, padding=1), nn.Conv2d(16, 64, 3, 2, 1, bias=False)):
        conv.to(dtype)
        packed = PackedConv2d(conv)
        for batch, size in ((1, 16), (2, 16), (1, 9)):
            x = torch.randn(batch, conv.in_channels, size, size)
            expected = conv(x.to(dtype))
            out = packed(x)
            assert out.dtype == dtype
            # Sums may be taken in another order: of 288 products, in 24 or in 8 bits.
            tolerance = 1e-5 if dtype == torch.float32 else 2e-2
            torch.testing.assert_close(out, expected, atol=tolerance, rtol=tolerance)


@torch.inference_mode()
def test_the_large_convolutions_of_a_network_are_packed_wherever_they_are(monkeypatch):
    monkeypatch.setattr(packing, "FEWEST", 1000)
    network = nn.Sequential(
        nn.Conv2d(3, 16, 3),
        nn.Sequential(nn.Conv2d(16, 16, 3), nn.Conv2d(16, 16, 3, groups=16)),
        nn.Conv2d(16, 128, 1),
    )
    x = torch.randn(1, 3, 12, 12)
    expected = network(x)
    pack(network)
    packed = [type(one) is PackedConv2d for one in (network[0], *network[1], network[2])]
    assert packed == [False, True, False, False]
    torch.testing.assert_close(network(x), expected, atol=1e-5, rtol=1e-5)  # 144 products
