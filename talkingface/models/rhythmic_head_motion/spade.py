"""Norms that draw: features are normalised, then modulated by maps of what shall be seen.

Paper: arXiv:2007.08547, section 3.4 (nonlinear composition); SPADE is arXiv:1903.07291.
Maps go by name: ``label`` (the target's drawing), ``reference`` and ``ani`` (the warped pictures).
A map that is absent is passed over. The published networks also own unused weights for a map of
the previous frame; ours do not.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from talkingface.models.rhythmic_head_motion.blocks import (
    NEGATIVE_SLOPE,
    activate,
    spectral_conv,
)
from talkingface.models.rhythmic_head_motion.modulation import (
    FoldedModulation,
    GeneratedModulation,
    LearnedModulation,
    layout_of,
)
from talkingface.models.rhythmic_head_motion.weight_generator import LevelWeights

Maps = Mapping[str, Tensor]  # (B, C, H, W) by name
Modulation = Callable[[Tensor, Maps], Tensor]  # of features, by maps
Pair = tuple[Callable[[Tensor], Tensor], Callable[[Tensor], Tensor]]  # factor and summand of a map

LABEL = "label"
STRIP = 1 << 19  # numbers of a strip: 2 MB in float32


def in_strips(modulated: Modulation, features: Tensor, maps: Maps, channels: int) -> Tensor:
    """Return what is made of features (B, D, H, W), where each place depends on its own alone.

    A CPU takes some rows of one picture after others: what is made of them stays in its cache.

    Args:
        modulated: makes it.
        features: of which it is made; if they come from the level below, they are enlarged.
        maps: of the height and width of what is made.
        channels: of what is made.
    """
    height, width = maps[LABEL].shape[-2:]
    scale = height // features.shape[-2]  # 1 or 2
    rows = max(1, STRIP // (features.shape[1] * width * scale)) * scale
    if features.device.type != "cpu" or len(features) > 1 or rows >= height:
        return modulated(_enlarged(features, scale), maps)
    shape, layout = (1, channels, height, width), layout_of(features)
    out = torch.empty(shape, dtype=features.dtype, memory_format=layout)
    for start in range(0, height, rows):
        part = (..., slice(start, start + rows), slice(None))
        strip = features[..., start // scale : (start + rows) // scale, :]
        small = {name: one[part] for name, one in maps.items()}
        out[part] = modulated(_enlarged(strip, scale), small)
    return out


def _enlarged(features: Tensor, scale: int) -> Tensor:
    return features if scale == 1 else F.interpolate(features, scale_factor=float(scale))


class Spade(nn.Module):
    """Batch norm, then one modulation after another.

    They are applied in the order of `names`, so a later map also scales the shifts of an earlier.
    An adaptive norm owns no convolutions for the label: they are generated.
    """

    def __init__(
        self, channels: int, condition_channels: int, names: Sequence[str], *, adaptive: bool
    ) -> None:
        super().__init__()
        self.names = tuple(names)
        self.batch_norm = nn.BatchNorm2d(channels, affine=False)
        learned = [name for name in names if not (adaptive and name == LABEL)]
        self.learned = nn.ModuleDict(
            {name: LearnedModulation(channels, condition_channels) for name in learned}
        )

    def forward(
        self, features: Tensor, maps: Maps, generated: GeneratedModulation | None
    ) -> Tensor:
        """Normalise and modulate (B, D, H, W) by maps of the same height and width."""
        features = self.batch_norm(features)
        for name in self.names:
            if name in self.learned and name in maps:
                features = self.learned[name](features, maps[name])
            elif name in maps:
                assert generated is not None, "an adaptive norm was given no weights"
                features = generated(features, maps[name])
        return features

    def folded(self) -> "FoldedSpade":
        """Return what computes the same without a norm."""
        return FoldedSpade(self)


class FoldedSpade(nn.Module):
    """A norm in what the first map makes, which is always there, then the other modulations."""

    gain: Tensor
    offset: Tensor

    def __init__(self, trained: Spade) -> None:
        super().__init__()
        norm = trained.batch_norm
        assert norm.running_mean is not None
        assert norm.running_var is not None
        gain = torch.rsqrt(norm.running_var + norm.eps)
        self.names = trained.names
        self.register_buffer("gain", gain)
        self.register_buffer("offset", -norm.running_mean * gain)
        unchanged = torch.ones_like(gain), torch.zeros_like(gain)
        self.learned = nn.ModuleDict()
        for name, modulation in trained.learned.items():
            assert isinstance(modulation, LearnedModulation)
            before = (self.gain, self.offset) if name == self.names[0] else unchanged
            self.learned[name] = modulation.after(*before)

    def forward(
        self, features: Tensor, maps: Maps, generated: GeneratedModulation | None
    ) -> Tensor:
        """Normalise and modulate (B, D, H, W) by maps of the same height and width."""
        return in_strips(self.modulation(maps, generated), features, maps, features.shape[1])

    def modulation(self, maps: Maps, generated: GeneratedModulation | None) -> Modulation:
        """Return what modulates features, or a part of them, by the maps that are there."""
        pairs = {name: self._pair(name, generated) for name in self.names if name in maps}

        def modulated(features: Tensor, maps: Maps) -> Tensor:
            for name, (factor, summand) in pairs.items():
                scale = factor(maps[name])
                features = summand(maps[name]).addcmul_(features.to(scale.dtype), scale)
            return features

        return modulated

    def _pair(self, name: str, generated: GeneratedModulation | None) -> Pair:
        """Return what makes factor and summand of a map."""
        if name in self.learned:
            learned = self.learned[name]
            assert isinstance(learned, FoldedModulation)
            return learned.factor, learned.summand
        assert generated is not None, "an adaptive norm was given no weights"
        return generated.after(self.gain, self.offset)


class FoldedActiveSpade(FoldedSpade):
    """Takes all maps in sequence, then activates in place."""

    def modulation(self, maps: Maps, generated: GeneratedModulation | None) -> Modulation:
        """Return what modulates and activates features, or a part of them."""
        modulated = super().modulation(maps, generated)
        return lambda *given: F.leaky_relu_(modulated(*given), NEGATIVE_SLOPE)


class ActiveSpade(Spade):
    """Takes all maps in sequence, then activates."""

    def forward(
        self, features: Tensor, maps: Maps, generated: GeneratedModulation | None
    ) -> Tensor:
        """Normalise, modulate and activate (B, D, H, W)."""
        return activate(super().forward(features, maps, generated))

    def folded(self) -> FoldedActiveSpade:
        """Return what computes the same without a norm."""
        return FoldedActiveSpade(self)


class MeanActiveSpade(nn.Module):
    """Takes each map by a norm of its own, activates, and gives the mean of the present ones.

    The original calls this a concatenation; what was released takes the mean.
    """

    def __init__(
        self, channels: int, condition_channels: int, names: Sequence[str], *, adaptive: bool
    ) -> None:
        super().__init__()
        self.each = nn.ModuleDict(
            {
                name: ActiveSpade(channels, condition_channels, (name,), adaptive=adaptive)
                for name in names
            }
        )

    def forward(
        self, features: Tensor, maps: Maps, generated: GeneratedModulation | None
    ) -> Tensor:
        """Normalise, modulate and activate (B, D, H, W)."""
        present = [norm for name, norm in self.each.items() if name in maps]
        total: Tensor = present[0](features, maps, generated)
        for norm in present[1:]:
            total = total + norm(features, maps, generated)
        return total / len(present)

    def folded(self) -> "FoldedMeanActiveSpade":
        """Return what computes the same without norms."""
        return FoldedMeanActiveSpade(self)


class FoldedMeanActiveSpade(nn.Module):
    """Gives the mean over the present maps, strip by strip."""

    def __init__(self, trained: MeanActiveSpade) -> None:
        super().__init__()
        self.each = nn.ModuleDict(
            {name: FoldedActiveSpade(cast("Spade", norm)) for name, norm in trained.each.items()}
        )

    def forward(
        self, features: Tensor, maps: Maps, generated: GeneratedModulation | None
    ) -> Tensor:
        """Normalise, modulate and activate (B, D, H, W)."""
        each = [
            cast("FoldedActiveSpade", norm).modulation(maps, generated)
            for name, norm in self.each.items()
            if name in maps
        ]

        def mean(features: Tensor, maps: Maps) -> Tensor:
            total = each[0](features, maps)
            for modulated in each[1:]:
                total += modulated(features, maps)
            return total.div_(len(each))

        return in_strips(mean, features, maps, features.shape[1])


class Enlargement(nn.Upsample):
    """Features from the level below, two by two places for each."""

    def __init__(self) -> None:
        super().__init__(scale_factor=2.0)

    def folded(self) -> nn.Identity:
        """Return what leaves them small: folded norms enlarge them themselves, strip by strip."""
        return nn.Identity()


class SpadeBlock(nn.Module):
    """A residual block whose norms are modulated.

    Args:
        in_channels: of the features that come in.
        out_channels: of the features that leave, and of the maps.
        names: of the maps.
        adaptive: whether the label's modulation is generated.
        norm: how several maps are taken.
        enlarging: whether the features that come in are half as high and wide as the maps.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        names: Sequence[str],
        *,
        adaptive: bool,
        norm: type[ActiveSpade] | type[MeanActiveSpade] = ActiveSpade,
        enlarging: bool = False,
    ) -> None:
        super().__init__()
        self.conv_0 = spectral_conv(in_channels, out_channels)
        self.conv_1 = spectral_conv(out_channels, out_channels)
        self.norm_0 = norm(in_channels, out_channels, names, adaptive=adaptive)
        self.norm_1 = norm(out_channels, out_channels, names, adaptive=adaptive)
        self.shortcut = None
        if in_channels != out_channels:
            self.shortcut = SpadeShortcut(in_channels, out_channels, names, adaptive=adaptive)
        self.enlarge: nn.Module = nn.Identity()
        if enlarging:  # what goes around unchanged must be as large as what it is added to
            self.enlarge = Enlargement() if self.shortcut else nn.Upsample(scale_factor=2.0)

    def forward(self, features: Tensor, maps: Maps, weights: LevelWeights | None) -> Tensor:
        """Map (B, C, H, W) to features of the size of the maps, (B, D, H, W) or (B, D, 2H, 2W).

        `weights` are those of an adaptive level.
        """
        features = self.enlarge(features)
        first, second, around = (
            (weights.norm_0, weights.norm_1, weights.shortcut) if weights else (None, None, None)
        )
        hidden: Tensor = self.conv_0(self.norm_0(features, maps, first))
        hidden = self.conv_1(self.norm_1(hidden, maps, second))  # of both, only one is kept
        if self.shortcut is not None:
            features = self.shortcut(features, maps, around)
        return hidden.add_(features)


class SpadeShortcut(nn.Module):
    """The way around a block that changes the number of channels; it has no activation."""

    def __init__(
        self, in_channels: int, out_channels: int, names: Sequence[str], *, adaptive: bool
    ) -> None:
        super().__init__()
        self.norm = Spade(in_channels, out_channels, names, adaptive=adaptive)
        self.conv = spectral_conv(in_channels, out_channels, 1, bias=False)

    def forward(
        self, features: Tensor, maps: Maps, generated: GeneratedModulation | None
    ) -> Tensor:
        """Map (B, C, H, W) to (B, D, H, W)."""
        passed: Tensor = self.conv(self.norm(features, maps, generated))
        return passed

    def folded(self) -> "FoldedSpadeShortcut":
        """Return what computes the same without a norm."""
        return FoldedSpadeShortcut(self)


class FoldedSpadeShortcut(nn.Module):
    """Modulates and convolves strip by strip: what lies between is never there as a whole."""

    def __init__(self, trained: SpadeShortcut) -> None:
        super().__init__()
        self.norm, self.conv = trained.norm.folded(), trained.conv
        self.out_channels = trained.conv.out_channels

    def forward(
        self, features: Tensor, maps: Maps, generated: GeneratedModulation | None
    ) -> Tensor:
        """Map (B, C, H, W) to (B, D, H, W)."""
        modulated = self.norm.modulation(maps, generated)

        def passed(features: Tensor, maps: Maps) -> Tensor:
            convolved: Tensor = self.conv(modulated(features, maps))
            return convolved

        return in_strips(passed, features, maps, self.out_channels)
