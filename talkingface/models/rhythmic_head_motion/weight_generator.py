"""Weights from references: what the faces look like becomes the convolutions of the norms.

Paper: arXiv:2007.08547, section 3.3; the idea is that of few-shot vid2vid (arXiv:1910.12713).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn

from talkingface.models.rhythmic_head_motion.blocks import ConvBlock
from talkingface.models.rhythmic_head_motion.modulation import (
    GeneratedModulation,
    PointwiseConv,
    Quirks,
)
from talkingface.nn.precision import in_full
from talkingface.nn.spectral_norm import spectral_norm

PUBLISHED_PLACES = 8 * 8  # of the bottleneck, for pictures of 256 px


@dataclass(frozen=True)
class LevelWeights:
    """What is generated for one level of the generator."""

    norm_0: GeneratedModulation
    norm_1: GeneratedModulation
    shortcut: GeneratedModulation | None  # absent where the level keeps its number of channels
    embedding: PointwiseConv  # for the label embedding


class FeatureCorrelation(nn.Module):
    """At each level, how the image's channels go together with the label's.

    Quirk: on the way to fewer channels the maps are never enlarged, although the original calls
    this a decoder; no slip that could be mended, for the matrices have no size in space.
    """

    def __init__(self, channels: tuple[int, ...], quirks: Quirks = "kept") -> None:
        super().__init__()
        self.quirks = quirks
        pairs = list(pairwise(channels))
        self.image = nn.ModuleList(ConvBlock(wide, narrow) for narrow, wide in pairs)
        self.label = nn.ModuleList(ConvBlock(wide, narrow) for narrow, wide in pairs)

    def forward(self, image: Tensor, label: Tensor) -> list[Tensor]:
        """Map two (B, C, h, w) to matrices (B, c, c), one for each entry of `channels`."""
        matrices = [correlation(image, label, self.quirks)]
        for up_image, up_label in zip(reversed(self.image), reversed(self.label), strict=True):
            image, label = up_image(image), up_label(label)
            matrices.append(correlation(image, label, self.quirks))
        return matrices[::-1]


def correlation(image: Tensor, label: Tensor, quirks: Quirks = "kept") -> Tensor:
    """Return (B, C, D): image channels times the label's distribution over channels, summed.

    Args:
        image: (B, C, h, w).
        label: (B, D, h, w).
        quirks: mended, the sum is as over the published number of places.
    """
    summed = torch.einsum("bchw,bdhw->bcd", in_full(image), in_full(label).softmax(dim=1))
    if quirks == "kept":
        return summed
    return summed * (PUBLISHED_PLACES / (image.shape[-2] * image.shape[-1]))


class WeightGenerator(nn.Module):
    """Turns the matrices of the narrow levels into weights, each row by itself."""

    def __init__(self, channels: tuple[int, ...], num_levels: int, quirks: Quirks = "kept") -> None:
        super().__init__()
        pairs = pairwise(channels[: num_levels + 1])
        self.levels = nn.ModuleList(LevelHeads(narrow, wide, quirks) for narrow, wide in pairs)

    def forward(self, matrices: Sequence[Tensor]) -> list[LevelWeights]:
        """Return the weights of each level, the largest first.

        Args:
            matrices: of `FeatureCorrelation`, from the level below the largest on. Those of the
                smallest levels, whose weights are learned, may follow.
        """
        return [heads(matrix) for heads, matrix in zip(self.levels, matrices, strict=False)]


class LevelHeads(nn.Module):
    """The heads of one level, between `narrow` channels and the `wide` ones of the level below."""

    def __init__(self, narrow: int, wide: int, quirks: Quirks) -> None:
        super().__init__()
        self.narrow, self.wide, self.quirks = narrow, wide, quirks
        self.norm_0 = LinearHead(wide, 2 * (narrow + 1))
        self.norm_1 = LinearHead(wide, 2 * narrow * (narrow + 1) // wide)
        self.shortcut = LinearHead(wide, 2 * (narrow + 1)) if narrow != wide else None
        self.embedding = LinearHead(wide, narrow + 1)

    def forward(self, matrix: Tensor) -> LevelWeights:
        """Map a matrix (B, wide, wide) to weights."""
        shortcut = None
        if self.shortcut is not None:
            shortcut = self._modulation(self.shortcut(matrix), self.wide)
        return LevelWeights(
            norm_0=self._modulation(self.norm_0(matrix), self.wide),
            norm_1=self._modulation(self.norm_1(matrix), self.narrow),
            shortcut=shortcut,
            embedding=self._label_embedding(self.embedding(matrix)),
        )

    def _modulation(self, rows: Tensor, out_channels: int) -> GeneratedModulation:
        scale, shift = rows.flatten(1).chunk(2, dim=1)
        return GeneratedModulation(
            _pointwise(scale, out_channels, self.narrow),
            _pointwise(shift, out_channels, self.narrow),
            self.quirks,
        )

    def _label_embedding(self, rows: Tensor) -> PointwiseConv:
        """Cut weights that are stored from wide to narrow, as a transposed convolution's are."""
        transposed = _pointwise(rows.flatten(1), self.wide, self.narrow)
        # Quirk: there are as many biases as wide channels; the first serve the narrow ones.
        return PointwiseConv(transposed.weight.mT, transposed.bias[:, : self.narrow])


class LinearHead(nn.Sequential):
    """Three layers without activations: one linear map, but learned as the original's."""

    def __init__(self, rows: int, out_features: int) -> None:
        sizes = (rows, rows, out_features)
        super().__init__(*(spectral_norm(nn.Linear(rows, size)) for size in sizes))
        self.rows = rows

    @torch.no_grad()
    def folded(self) -> nn.Linear:
        """Return the linear map, found from what becomes of nothing and of one in each place."""
        given = next(self.parameters()).dtype
        one = torch.eye(self.rows).to(next(self.double().parameters()))
        bias = self(torch.zeros_like(one[:1]))
        joined = nn.Linear(1, 1)  # whose tensors are replaced
        joined.weight = nn.Parameter((self(one) - bias).T.to(given))
        joined.bias = nn.Parameter(bias[0].to(given))
        return joined


def _pointwise(flat: Tensor, out_channels: int, in_channels: int) -> PointwiseConv:
    """Cut (B, out * in + out) into weights and biases."""
    num_weights = out_channels * in_channels
    weight = flat[:, :num_weights].reshape(-1, out_channels, in_channels)
    return PointwiseConv(weight, flat[:, num_weights:])
