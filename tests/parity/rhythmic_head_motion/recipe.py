"""The weights and inputs that the goldens in this folder were made from."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import _SpectralNorm

from tests.parity.deterministic import fill, normal

HERE = Path(__file__).parent

# With random vectors a spectrally normalised layer amplifies, and a network of this depth
# overflows. So the quotient is set to 1, or to more where weights for SPADE are generated.
HEAD = re.compile(r"weight_gen\.fc_spade_([01se])_[0-3]\.2$")


def bounded(shapes: dict[str, list[int]]) -> dict[str, Tensor]:
    """Return weights for names and shapes, such that activations stay bounded."""
    state = fill([{"name": name, "shape": shape} for name, shape in shapes.items()])
    for name in [name for name in state if name.endswith(".weight_u")]:
        stem = name.removesuffix(".weight_u")
        u, v = state[name].double(), state[f"{stem}.weight_v"].double()
        sigma = u @ (state[f"{stem}.weight_orig"].flatten(1).double() @ v)
        state[name] = (u * (_damping(stem) / sigma)).float()
    return state


def _damping(stem: str) -> float:
    head = HEAD.search(stem)
    if head is None:
        return 1.0
    return 2.0 if head[1] == "e" else 1.5


def shapes_in(file: str) -> Any:
    """Return names and shapes, for a file of several networks nested."""
    return json.loads((HERE / file).read_text())


class GeneratorWeights:
    """The published tensors of each variant of the generator; what they share is made once."""

    def __init__(self) -> None:
        self.groups = shapes_in("generator_names.json")
        self.made: dict[int, dict[str, Tensor]] = {}

    def shapes(self, variant: str) -> dict[str, list[int]]:
        return {
            name: shape
            for group in self.groups
            if variant in group["variants"]
            for name, shape in group["shapes"].items()
        }

    def of(self, variant: str) -> dict[str, Tensor]:
        state: dict[str, Tensor] = {}
        for index, group in enumerate(self.groups):
            if variant in group["variants"]:
                if index not in self.made:
                    self.made[index] = bounded(group["shapes"])
                state |= self.made[index]
        return state


@contextmanager
def to_be_filled() -> Iterator[None]:
    """Build networks without the numbers that their weights replace, 108 million in the largest.

    The meta device does as much, but spectral norm computes there, which loads a compiler.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nn.init, "kaiming_uniform_", lambda tensor, *_, **__: tensor)
        patch.setattr(_SpectralNorm, "_power_method", lambda *_: None)
        yield


def smooth(name: str, shape: list[int], cells: int) -> Tensor:
    """Return noise on a grid, enlarged to the last two sizes of `shape`."""
    *lead, height, width = shape
    grid = torch.from_numpy(normal(name, [int(np.prod(lead)), 1, cells, cells]))
    return F.interpolate(grid, size=(height, width), mode="bilinear").reshape(shape)


def picture(name: str, shape: list[int]) -> Tensor:
    return torch.tanh(smooth(name, shape, 32))


def drawing(name: str, shape: list[int]) -> Tensor:
    return torch.sigmoid(8 * (smooth(name, shape, 64) - 1))


def inputs(num_references: int, batch: int, size: int) -> dict[str, Tensor]:
    one, many = [batch], [batch, num_references]
    return {
        "target_label": drawing("input/tgt_label", [*one, 1, size, size]),
        "labels": drawing("input/ref_label", [*many, 1, size, size]),
        "images": picture("input/ref_image", [*many, 3, size, size]),
        "reference_label": drawing("input/warp_ref_label", [*one, 1, size, size]),
        "reference_picture": picture("input/warp_ref_image", [*one, 3, size, size]),
        "ani_label": drawing("input/ani_label", [*one, 1, size, size]),
        "ani_picture": picture("input/ani_image", [*one, 3, size, size]),
    }
