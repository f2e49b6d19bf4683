"""Filters in the order in which a CPU multiplies them: brought into it once, not in every call.

oneDNN computes with filters in blocks of channels, and so rearranges plain ones whenever they are
used. Where maps are small that takes longer than the convolution: 1024 channels of 8 px take 6 ms
of a core instead of 11. Results are the same to the last digit. What comes out cannot be trained,
moved to another device or saved.

Filters of 1x1 are left as they are, since the best order for them depends on the size of the maps.
But where one thread computes torch gives them to another library, which takes twice as long on some
processors (64 to 128 channels of 128 px: 3.4 ms instead of 1.4), so they are given to oneDNN too.
"""

from typing import TypeAlias

import torch
import torch.nn.functional as F
from torch import Tensor, nn

FEWEST = 1 << 16  # numbers of a filter bank; smaller ones are rearranged in no time

Steps: TypeAlias = tuple[list[int], list[int], list[int], int]  # padding, stride, dilation, groups


def pack(network: nn.Module) -> None:
    """Let the convolutions of a folded network, on the CPU, be those of oneDNN, packed if large."""
    if not has_onednn():
        return
    for module in [one for one in network.modules() if not _is_better_packed(one)]:
        # By name, so that nobody holds a layer that is replaced: no more than one is there twice.
        for name in [name for name, child in module.named_children() if _is_better_packed(child)]:
            setattr(module, name, PackedConv2d(getattr(module, name)))


def has_onednn() -> bool:
    """Return whether this build of torch has oneDNN."""
    available: bool = torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]
    return available


def pointwise(x: Tensor, filters: Tensor, bias: Tensor | None) -> Tensor:
    """Return a 1x1 convolution of x (B, C, H, W), by oneDNN where nothing is learnt.

    Args:
        x: maps.
        filters: (D, C, 1, 1).
        bias: (D,).
    """
    if torch.is_grad_enabled() or x.device.type != "cpu" or not has_onednn():
        return F.conv2d(x, filters, bias)
    return _convolved(x, filters, bias, ([0, 0], [1, 1], [1, 1], 1))


def _convolved(x: Tensor, filters: Tensor, bias: Tensor | None, steps: Steps) -> Tensor:
    out: Tensor = torch.ops.mkldnn._convolution_pointwise(x, filters, bias, *steps, "none", [], "")
    return out


def _is_better_packed(layer: nn.Module) -> bool:
    if type(layer) is not nn.Conv2d or layer.groups > 1:
        return False
    is_large = layer.weight.numel() >= FEWEST
    return layer.kernel_size == (1, 1) or (layer.kernel_size == (3, 3) and is_large)


class PackedConv2d(nn.Module):
    """A convolution by oneDNN, with filters that are packed if there is an order that is best."""

    def __init__(self, conv: nn.Conv2d) -> None:
        super().__init__()
        assert not isinstance(conv.padding, str), "our convolutions say how many pixels"
        self.bias = conv.bias
        self._dtype = conv.weight.dtype
        self._steps = (list(conv.padding), list(conv.stride), list(conv.dilation), conv.groups)
        self._filters = conv.weight.detach()
        if conv.kernel_size != (1, 1):
            self._filters = torch._C._nn.mkldnn_reorder_conv2d_weight(
                self._filters.to_mkldnn(), *self._steps
            )

    def forward(self, x: Tensor) -> Tensor:
        """Map x (B, in, H, W) to (B, out, H', W')."""
        return _convolved(x.to(self._dtype), self._filters, self.bias, self._steps)
