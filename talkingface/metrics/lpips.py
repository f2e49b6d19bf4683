"""LPIPS (Zhang et al. 2018, version 0.1): distance of pictures as a network for objects sees them.

The features of five layers, each of unit length across channels, are compared channel by channel;
learned weights say how much each channel counts. The backbones have torchvision's names, the
learned heads those of the `lpips` package. Numbers of AlexNet and of VGG do not compare.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import ClassVar, Literal, Self

import numpy as np
import torch
from einops import rearrange
from numpy.typing import NDArray
from torch import Tensor, nn

from talkingface.errors import CheckpointError
from talkingface.metrics.base import (
    FrameMean,
    MetricUnavailableError,
    Networks,
    Pair,
    Pictures,
    StateDict,
)
from talkingface.storage.fitting import load_into

Backbone = Literal["alex", "vgg"]

SHIFT = (-0.030, -0.088, -0.188)  # of RGB in [-1, 1]
SCALE = (0.458, 0.448, 0.450)
TINY = 1e-10
PICTURES_AT_ONCE = 4
SMALLEST_SIDE = 64  # px

CHANNELS: Mapping[Backbone, Sequence[int]] = {
    "alex": (64, 192, 384, 256, 256),
    "vgg": (64, 128, 256, 512, 512),
}
ENDS: Mapping[Backbone, Sequence[int]] = {  # the activations that are compared, by index
    "alex": (1, 4, 7, 9, 11),
    "vgg": (3, 8, 15, 22, 29),
}


class LPIPSNetwork(nn.Module):
    """A backbone and its heads."""

    shift: Tensor
    scale: Tensor

    def __init__(self, backbone: Backbone = "alex") -> None:
        super().__init__()
        self.ends = ENDS[backbone]
        self.features = _alexnet() if backbone == "alex" else _vgg16()
        self.heads = nn.ModuleList(nn.Conv2d(c, 1, 1, bias=False) for c in CHANNELS[backbone])
        for name, values in (("shift", SHIFT), ("scale", SCALE)):
            self.register_buffer(name, torch.tensor(values).view(3, 1, 1), persistent=False)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the distances (B, 5), one for each layer, of pictures (B, 3, H, W) in [-1, 1]."""
        distances = []
        x, y = ((picture - self.shift) / self.scale for picture in (x, y))
        heads = iter(self.heads)
        for index, layer in enumerate(self.features):
            x, y = layer(x), layer(y)
            if index in self.ends:
                apart = (_unit(x) - _unit(y)) ** 2
                distances.append(next(heads)(apart).mean(dim=(1, 2, 3)))
        return torch.stack(distances, dim=1)


def load_lpips(
    backbone_tensors: StateDict, head_tensors: StateDict, backbone: Backbone = "alex"
) -> LPIPSNetwork:
    """Return the network with torchvision's backbone and the heads of the `lpips` package.

    Raises:
        CheckpointError: names or shapes are others; a classifier behind the features is ignored.
    """
    network = LPIPSNetwork(backbone)
    features = {k: v for k, v in backbone_tensors.items() if k.startswith("features.")}
    heads = {}
    for index in range(len(network.heads)):
        name = f"lin{index}.model.1.weight"
        if name not in head_tensors:
            raise CheckpointError(f"The heads of LPIPS lack {name}. Give those of version 0.1.")
        heads[f"heads.{index}.weight"] = head_tensors[name]
    load_into(network, features | heads, source=f"LPIPS with {backbone}")
    # Pictures come with their channels innermost; convolutions that expect so are twice as fast.
    return network.eval().to(memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]


def lpips(network: LPIPSNetwork, generated: Pictures, reference: Pictures) -> NDArray[np.float64]:
    """Return the distance (T,) of each of two series of pictures (T, H, W, 3).

    Raises:
        MetricUnavailableError: a side is shorter than 64 px, of which no feature is left.
    """
    height, width = generated.shape[1:3]
    if min(height, width) < SMALLEST_SIDE:
        raise MetricUnavailableError(
            f"LPIPS needs pictures of at least {SMALLEST_SIDE} px; these have {width} x {height}. "
            "Leave it out of the metrics."
        )
    distances: list[NDArray[np.float64]] = [np.empty(0)]
    with torch.inference_mode():
        for start in range(0, len(generated), PICTURES_AT_ONCE):
            few = slice(start, start + PICTURES_AT_ONCE)
            both = (_tensor(network, pictures[few]) for pictures in (generated, reference))
            distances.append(network(*both).sum(dim=1).double().cpu().numpy())
    return np.concatenate(distances)


class LPIPS(FrameMean):
    """Mean over frames of their LPIPS with AlexNet."""

    settings: ClassVar = {"network": "AlexNet", "LPIPS": "0.1", "colour": "RGB"}
    bounds = (0.0, np.inf)
    backbone: ClassVar[Backbone] = "alex"
    weights = ("lpips_alexnet", "lpips_heads")

    def __init__(self, network: LPIPSNetwork) -> None:
        super().__init__()
        self._network = network

    @classmethod
    def from_networks(cls, networks: Networks) -> Callable[[], Self]:
        """Return what makes this metric with its backbone and heads."""
        backbone, heads = (networks.files[name] for name in cls.weights)
        return partial(cls, load_lpips(backbone, heads, cls.backbone).to(networks.device))

    def of_frames(self, pair: Pair) -> NDArray[np.float64]:
        """Return the distance of each frame of the window."""
        return lpips(self._network, pair.generated.frames, pair.reference.frames)


class LPIPSVGG(LPIPS):
    """Mean over frames of their LPIPS with VGG-16."""

    settings: ClassVar = {**LPIPS.settings, "network": "VGG-16"}
    backbone = "vgg"
    weights = ("lpips_vgg16", "lpips_vgg_heads")


def _tensor(network: LPIPSNetwork, pictures: Pictures) -> Tensor:
    levels = torch.from_numpy(pictures).to(network.shift.device).float()
    return rearrange(levels, "t h w c -> t c h w") / 127.5 - 1


def _unit(features: Tensor) -> Tensor:
    return features / (features.square().sum(dim=1, keepdim=True).sqrt() + TINY)


def _alexnet() -> nn.Sequential:
    return nn.Sequential(
        *(nn.Conv2d(3, 64, 11, stride=4, padding=2), nn.ReLU(), nn.MaxPool2d(3, stride=2)),
        *(nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, stride=2)),
        *(nn.Conv2d(192, 384, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(384, 256, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(256, 256, 3, padding=1), nn.ReLU()),
    )


def _vgg16() -> nn.Sequential:
    layers: list[nn.Module] = []
    channels = 3
    for block, (features, depth) in enumerate(((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))):
        if block:
            layers.append(nn.MaxPool2d(2))
        for _ in range(depth):
            layers += [nn.Conv2d(channels, features, 3, padding=1), nn.ReLU()]
            channels = features
    return nn.Sequential(*layers)
