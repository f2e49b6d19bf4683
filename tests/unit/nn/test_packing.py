"""Packed filters against plain ones."""

import weakref

import pytest
import torch
from torch import nn

from talkingface.nn import packing
from talkingface.nn.packing import PackedConv2d, pack, pointwise


@pytest.fixture(autouse=True)
def small_ones_too(monkeypatch):
    monkeypatch.setattr(packing, "FEWEST", 1)


@torch.inference_mode()
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_packed_filters_give_the_same_maps_of_any_size(dtype):
    others = (nn.Conv2d(16, 64, 3, 2, 1, bias=False), nn.Conv2d(32, 48, 1))
    for conv in (nn.Conv2d(32, 48, 3, padding=1), *others):
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
def test_large_and_pointwise_convolutions_are_packed_wherever_they_are(monkeypatch):
    monkeypatch.setattr(packing, "FEWEST", 1000)
    network = nn.Sequential(
        nn.Conv2d(3, 16, 3),
        nn.Sequential(nn.Conv2d(16, 16, 3), nn.Conv2d(16, 16, 3, groups=16)),
        nn.Conv2d(16, 8, 1),
    )
    x = torch.randn(1, 3, 12, 12)
    expected = network(x)
    pack(network)
    packed = [type(one) is PackedConv2d for one in (network[0], *network[1], network[2])]
    assert packed == [False, True, False, True]
    torch.testing.assert_close(network(x), expected, atol=1e-5, rtol=1e-5)  # 144 products


def test_pointwise_filters_may_lie_in_any_order_and_learn():
    filters = torch.randn(24, 40, requires_grad=True)
    for layout in (torch.contiguous_format, torch.channels_last):
        x = torch.randn(2, 24, 9, 5).to(memory_format=layout)
        learnt = pointwise(x, filters.T[:, :, None, None], None)
        learnt.sum().backward()
        assert filters.grad is not None
        with torch.no_grad():
            # Sums of 24 products may be taken in another order.
            torch.testing.assert_close(
                pointwise(x, filters.T[:, :, None, None], None), learnt, atol=1e-5, rtol=0
            )


def test_no_more_than_one_layer_is_there_twice(monkeypatch):
    layers = [nn.Conv2d(16, 16, 3) for _ in range(3)]
    network = nn.Sequential(*layers[:2], nn.Sequential(layers[2]))
    plain, left = weakref.WeakSet(layers), []
    layers.clear()

    class Counted(PackedConv2d):
        def __init__(self, conv):
            left.append(len(plain))
            super().__init__(conv)

    monkeypatch.setattr(packing, "PackedConv2d", Counted)
    pack(network)
    assert left == [3, 2, 1]
