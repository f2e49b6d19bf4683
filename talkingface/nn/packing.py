"""Filters in the order in which a CPU multiplies them: brought into it once, not in every call.

oneDNN computes with filters in blocks of channels, and so rearranges plain ones whenever they are
used. Where maps are small that takes longer than the convolution: 1024 channels of 8 px take 6 ms
of a core instead of 11. Results are the same to the last digit. What comes out cannot be trained,
moved to another device or saved.
"""

import torch
from torch import Tensor, nn

FEWEST = 1 << 16  # numbers of a filter bank; smaller ones are rearranged in no time


def pack(network: nn.Module) -> None:
    """Let the large convolutions of a folded network, on the CPU, keep their filters packed."""
    if not torch.backends.mkldnn.is_available():
        return
    for module in list(network.modules()):
        for name, child in module.named_children():
            if type(child) is nn.Conv2d and child.groups == 1 and child.weight.numel() >= FEWEST:
                setattr(module, name, PackedConv2d(child))


class PackedConv2d(nn.Module):
    """A convolution whose filters are packed when the first maps come: their size says how.

    Maps of another size are taken too, and cost what they cost without packing.
    """

    def __init__(self, conv: nn.Conv2d) -> None:
        super().__init__()
        assert not isinstance(conv.padding, str), "our convolutions say how many pixels"
        self.bias = conv.bias
        self._dtype = conv.weight.dtype
        self._plain: Tensor | None = conv.weight.detach()  # until they are packed
        self._packed: Tensor | None = None
        self._steps = (list(conv.padding), list(conv.stride), list(conv.dilation), conv.groups)

    def forward(self, x: Tensor) -> Tensor:
        """Map x (B, in, H, W) to (B, out, H', W')."""
        x = x.to(self._dtype)
        packed = self._filters(x)
        out: Tensor = torch.ops.mkldnn._convolution_pointwise(
            x, packed, self.bias, *self._steps, "none", [], ""
        )
        return out

    def _filters(self, x: Tensor) -> Tensor:
        plain = self._plain
        if plain is not None:
            shape = list(x.shape)
            self._packed = torch._C._nn.mkldnn_reorder_conv2d_weight(  # type: ignore[attr-defined]
                plain.to_mkldnn(), *self._steps, shape
            )
            self._plain = None  # at last, as another thread may be looking
        assert self._packed is not None
        return self._packed
