"""Inception-v3 (Szegedy et al. 2016) as FID knows it: TensorFlow's network of 2015-12-05.

The names are those of pytorch-fid's ``pt_inception-2015-12-05-6726825d.pth`` (Apache-2.0). Against
torchvision's network, mean pools leave out the padding, the last block takes a maximum instead of a
mean, and the classifier has 1008 classes.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import torch
import torch.nn.functional as F
from einops import rearrange
from numpy.typing import NDArray
from torch import Tensor, nn

from talkingface.metrics.base import Networks, Pictures, StateDict
from talkingface.metrics.published import load_published

SIDE_PX = 299
NUM_FEATURES = 2048
PICTURES_AT_ONCE = 8

Size = int | tuple[int, int]


class InceptionFeatures:
    """The 2048 features of pictures.

    Args:
        network: the network in evaluation mode.
    """

    def __init__(self, network: "InceptionV3") -> None:
        self._network = network

    @classmethod
    def shared(cls, networks: Networks, name: str) -> "InceptionFeatures":
        """Return the one made from the weights called `name`, for every metric that asks."""
        return networks.once(
            (cls, name), lambda: cls.from_weights(networks.files[name], networks.device)
        )

    @classmethod
    def from_weights(cls, weights: StateDict, device: str = "cpu") -> "InceptionFeatures":
        """Return the features by the published network."""
        network = load_published(InceptionV3(), weights, "Inception for FID")
        return cls(network.to(device))

    @torch.inference_mode()
    def __call__(self, pictures: Pictures) -> NDArray[np.float64]:
        """Return the features (T, 2048) of pictures (T, H, W, 3)."""
        device = next(self._network.parameters()).device
        features = [np.empty((0, NUM_FEATURES))]
        for start in range(0, len(pictures), PICTURES_AT_ONCE):
            levels = torch.from_numpy(pictures[start : start + PICTURES_AT_ONCE]).to(device)
            inputs = rearrange(levels.float() / 255, "t h w c -> t c h w")
            features.append(self._network.features(inputs).double().cpu().numpy())
        return np.concatenate(features)


class InceptionV3(nn.Module):
    """The whole network; FID reads the layer before the classifier."""

    def __init__(self) -> None:
        super().__init__()
        self.Conv2d_1a_3x3 = Convolution(3, 32, 3, stride=2)
        self.Conv2d_2a_3x3 = Convolution(32, 32, 3)
        self.Conv2d_2b_3x3 = Convolution(32, 64, 3, padding=1)
        self.Conv2d_3b_1x1 = Convolution(64, 80, 1)
        self.Conv2d_4a_3x3 = Convolution(80, 192, 3)
        self.Mixed_5b = BlockA(192, pool_features=32)
        self.Mixed_5c = BlockA(256, pool_features=64)
        self.Mixed_5d = BlockA(288, pool_features=64)
        self.Mixed_6a = BlockB(288)
        self.Mixed_6b = BlockC(768, narrow=128)
        self.Mixed_6c = BlockC(768, narrow=160)
        self.Mixed_6d = BlockC(768, narrow=160)
        self.Mixed_6e = BlockC(768, narrow=192)
        self.Mixed_7a = BlockD(768)
        self.Mixed_7b = BlockE(1280, pool="mean")
        self.Mixed_7c = BlockE(2048, pool="maximum")
        self.fc = nn.Linear(NUM_FEATURES, 1008)

    def features(self, pictures: Tensor) -> Tensor:
        """Return the features (B, 2048) of pictures (B, 3, H, W), RGB in [0, 1]."""
        size = (SIDE_PX, SIDE_PX)
        x = 2 * F.interpolate(pictures, size, mode="bilinear", align_corners=False) - 1
        x = self.Conv2d_2b_3x3(self.Conv2d_2a_3x3(self.Conv2d_1a_3x3(x)))
        x = F.max_pool2d(x, 3, stride=2)  # (B, 64, 73, 73)
        x = self.Conv2d_4a_3x3(self.Conv2d_3b_1x1(x))
        x = F.max_pool2d(x, 3, stride=2)  # (B, 192, 35, 35)
        x = self.Mixed_5d(self.Mixed_5c(self.Mixed_5b(x)))
        x = self.Mixed_6a(x)  # (B, 768, 17, 17)
        x = self.Mixed_6e(self.Mixed_6d(self.Mixed_6c(self.Mixed_6b(x))))
        x = self.Mixed_7a(x)  # (B, 1280, 8, 8)
        x = self.Mixed_7c(self.Mixed_7b(x))  # (B, 2048, 8, 8)
        features: Tensor = x.mean(dim=(2, 3))
        return features


class Convolution(nn.Module):
    """A convolution without bias, normalized and rectified."""

    def __init__(
        self, channels: int, features: int, kernel: Size, stride: int = 1, padding: Size = 0
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, features, kernel, stride, padding, bias=False)
        self.bn = nn.BatchNorm2d(features, eps=0.001)

    def forward(self, x: Tensor) -> Tensor:
        """Return the activations."""
        return F.relu(self.bn(self.conv(x)))


def _wide(channels: int, features: int, length: int) -> Convolution:
    """Return a convolution along rows."""
    return Convolution(channels, features, (1, length), padding=(0, length // 2))


def _tall(channels: int, features: int, length: int) -> Convolution:
    """Return a convolution along columns."""
    return Convolution(channels, features, (length, 1), padding=(length // 2, 0))


def _mean_pool(x: Tensor) -> Tensor:
    return F.avg_pool2d(x, 3, stride=1, padding=1, count_include_pad=False)


def _through(x: Tensor, layers: Sequence[nn.Module]) -> Tensor:
    for layer in layers:
        x = layer(x)
    return x


class BlockA(nn.Module):
    """35 x 35: kernels of 1, 5, and twice 3."""

    def __init__(self, channels: int, pool_features: int) -> None:
        super().__init__()
        self.branch1x1 = Convolution(channels, 64, 1)
        self.branch5x5_1 = Convolution(channels, 48, 1)
        self.branch5x5_2 = Convolution(48, 64, 5, padding=2)
        self.branch3x3dbl_1 = Convolution(channels, 64, 1)
        self.branch3x3dbl_2 = Convolution(64, 96, 3, padding=1)
        self.branch3x3dbl_3 = Convolution(96, 96, 3, padding=1)
        self.branch_pool = Convolution(channels, pool_features, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Return the branches side by side."""
        double = (self.branch3x3dbl_1, self.branch3x3dbl_2, self.branch3x3dbl_3)
        branches = [
            self.branch1x1(x),
            _through(x, (self.branch5x5_1, self.branch5x5_2)),
            _through(x, double),
            self.branch_pool(_mean_pool(x)),
        ]
        return torch.cat(branches, dim=1)


class BlockB(nn.Module):
    """From 35 x 35 to 17 x 17."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.branch3x3 = Convolution(channels, 384, 3, stride=2)
        self.branch3x3dbl_1 = Convolution(channels, 64, 1)
        self.branch3x3dbl_2 = Convolution(64, 96, 3, padding=1)
        self.branch3x3dbl_3 = Convolution(96, 96, 3, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        """Return the branches side by side."""
        double = (self.branch3x3dbl_1, self.branch3x3dbl_2, self.branch3x3dbl_3)
        branches = [self.branch3x3(x), _through(x, double), F.max_pool2d(x, 3, stride=2)]
        return torch.cat(branches, dim=1)


class BlockC(nn.Module):
    """17 x 17: kernels of 7 along rows and columns."""

    def __init__(self, channels: int, narrow: int) -> None:
        super().__init__()
        self.branch1x1 = Convolution(channels, 192, 1)
        self.branch7x7_1 = Convolution(channels, narrow, 1)
        self.branch7x7_2 = _wide(narrow, narrow, 7)
        self.branch7x7_3 = _tall(narrow, 192, 7)
        self.branch7x7dbl_1 = Convolution(channels, narrow, 1)
        self.branch7x7dbl_2 = _tall(narrow, narrow, 7)
        self.branch7x7dbl_3 = _wide(narrow, narrow, 7)
        self.branch7x7dbl_4 = _tall(narrow, narrow, 7)
        self.branch7x7dbl_5 = _wide(narrow, 192, 7)
        self.branch_pool = Convolution(channels, 192, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Return the branches side by side."""
        double = [getattr(self, f"branch7x7dbl_{step}") for step in range(1, 6)]
        branches = [
            self.branch1x1(x),
            _through(x, (self.branch7x7_1, self.branch7x7_2, self.branch7x7_3)),
            _through(x, double),
            self.branch_pool(_mean_pool(x)),
        ]
        return torch.cat(branches, dim=1)


class BlockD(nn.Module):
    """From 17 x 17 to 8 x 8."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.branch3x3_1 = Convolution(channels, 192, 1)
        self.branch3x3_2 = Convolution(192, 320, 3, stride=2)
        self.branch7x7x3_1 = Convolution(channels, 192, 1)
        self.branch7x7x3_2 = _wide(192, 192, 7)
        self.branch7x7x3_3 = _tall(192, 192, 7)
        self.branch7x7x3_4 = Convolution(192, 192, 3, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        """Return the branches side by side."""
        long = [getattr(self, f"branch7x7x3_{step}") for step in range(1, 5)]
        branches = [
            _through(x, (self.branch3x3_1, self.branch3x3_2)),
            _through(x, long),
            F.max_pool2d(x, 3, stride=2),
        ]
        return torch.cat(branches, dim=1)


class BlockE(nn.Module):
    """8 x 8: branches that part again, one along rows and one along columns."""

    def __init__(self, channels: int, pool: Literal["mean", "maximum"]) -> None:
        super().__init__()
        self.pool = pool
        self.branch1x1 = Convolution(channels, 320, 1)
        self.branch3x3_1 = Convolution(channels, 384, 1)
        self.branch3x3_2a = _wide(384, 384, 3)
        self.branch3x3_2b = _tall(384, 384, 3)
        self.branch3x3dbl_1 = Convolution(channels, 448, 1)
        self.branch3x3dbl_2 = Convolution(448, 384, 3, padding=1)
        self.branch3x3dbl_3a = _wide(384, 384, 3)
        self.branch3x3dbl_3b = _tall(384, 384, 3)
        self.branch_pool = Convolution(channels, 192, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Return the branches side by side."""
        single = self.branch3x3_1(x)
        double = self.branch3x3dbl_2(self.branch3x3dbl_1(x))
        pooled = _mean_pool(x) if self.pool == "mean" else F.max_pool2d(x, 3, stride=1, padding=1)
        branches = [
            self.branch1x1(x),
            self.branch3x3_2a(single),
            self.branch3x3_2b(single),
            self.branch3x3dbl_3a(double),
            self.branch3x3dbl_3b(double),
            self.branch_pool(pooled),
        ]
        return torch.cat(branches, dim=1)
