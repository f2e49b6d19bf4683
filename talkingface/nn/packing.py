"""Filters in the order in which a CPU multiplies them: brought into it once, not in every call.

oneDNN computes with filters in blocks of channels, and so rearranges plain ones whenever they are
used. Where maps are small that takes longer than the convolution: 1024 channels of 8 px take 6 ms
of a core instead of 11. Results are the same to the last digit. What comes out cannot be trained,
moved to another device or saved.
"""

from typing import TypeGuard

import torch
from torch import Tensor, nn

FEWEST = 1 << 16  # numbers of a filter bank; smaller ones are rearranged in no time


def pack(network: nn.Module) -> None:
    """Let the large convolutions of a folded network, on the CPU, have their filters packed.

    Those of 1x1 are left: the best order for them depends on the size of the maps.
    """
    if not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return
    for module in list(network.modules()):
        for name, child in module.named_children():
            if _is_large(child):
                setattr(module, name, PackedConv2d(child))


def _is_large(layer: nn.Module) -> TypeGuard[nn.Conv2d]:
    if type(layer) is not nn.Conv2d or layer.kernel_size != (3, 3):
        return False
    return layer.groups == 1 and layer.weight.numel() >= FEWEST


class PackedConv2d(nn.Module):
    """A convolution with packed filters."""

    def __init__(self, conv: nn.Conv2d) -> None:
        super().__init__()
        assert not isinstance(conv.padding, str), "our convolutions say how many pixels"
        self.bias = conv.bias
        self._dtype = conv.weight.dtype
        self._steps = (list(conv.padding), list(conv.stride), list(conv.dilation), conv.groups)
        self._filters: Tensor = torch._C._nn.mkldnn_reorder_conv2d_weight(
            conv.weight.detach().to_mkldnn(), *self._steps
        )

    def forward(self, x: Tensor) -> Tensor:
        """Map x (B, in, H, W) to (B, out, H', W')."""
        out: Tensor = torch.ops.mkldnn._convolution_pointwise(
            x.to(self._dtype), self._filters, self.bias, *self._steps, "none", [], ""
        )
        return out
