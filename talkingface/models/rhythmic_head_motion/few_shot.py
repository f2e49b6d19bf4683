"""The few-shot generator: a drawing becomes a face that looks like the references.

Paper: arXiv:2007.08547, sections 3.3 and 3.4, figure 3. The published network is the default;
other sizes give the same classes. The work is parted by what it depends on: `encode_references`
once for a video, `encode_target`, `trunk` and `head` for its frames.
Differences: weights that nothing uses are left out (see `weights.py`); the raw image is made only
where a loss asks for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import torch
from torch import Tensor, nn

from talkingface.errors import DataError
from talkingface.models.rhythmic_head_motion.attention import (
    ReferenceAttention,
    uniform_attention,
)
from talkingface.models.rhythmic_head_motion.blocks import activate
from talkingface.models.rhythmic_head_motion.embedding import LabelEmbedding
from talkingface.models.rhythmic_head_motion.encoder import ReferenceEncoder, ReferenceFeatures
from talkingface.models.rhythmic_head_motion.modulation import Quirks
from talkingface.models.rhythmic_head_motion.spade import (
    LABEL,
    ActiveSpade,
    MeanActiveSpade,
    SpadeBlock,
)
from talkingface.models.rhythmic_head_motion.weight_generator import (
    FeatureCorrelation,
    LevelWeights,
    WeightGenerator,
)

NUM_COMPOSED_LEVELS = 2  # the largest levels, where warped pictures are composed

PUBLISHED_CHANNELS = (32, 64, 128, 256, 512, 1024)


@dataclass(frozen=True)
class TargetCode:
    """All that the generator draws a frame from, but the warped pictures."""

    attention: Tensor  # (B, N, h, w)
    features: Tensor  # (B, C, h', w'): of the bottleneck
    weights: list[LevelWeights]
    label_maps: list[Tensor]  # one a level, the largest first


class FewShotGenerator(nn.Module):
    """Paints a face from a drawing, with weights made from N references.

    Args:
        channels: of each level; each halves height and width.
        num_references: how many references there are, in training and after.
        maps: what the composed levels are modulated by; ``label`` alone is the linear form.
        num_adaptive_levels: the largest levels, whose label weights are generated.
        num_attention_downsamplings: the level where the references are compared and pooled.
        embedding: ``hybrid`` fuses image and label features and gives each map its own norm;
            ``separate`` is the form before (the published option ``use_new`` left out).
        attention: ``uniform`` is the ablation without attention.
        quirks: see `Quirks`.
    """

    def __init__(
        self,
        channels: tuple[int, ...] = PUBLISHED_CHANNELS,
        num_references: int = 8,
        *,
        maps: Sequence[str] = (LABEL, "reference", "ani"),
        num_adaptive_levels: int = 4,
        num_attention_downsamplings: int = 2,
        embedding: Literal["hybrid", "separate"] = "hybrid",
        attention: Literal["learned", "uniform"] = "learned",
        quirks: Quirks = "kept",
    ) -> None:
        super().__init__()
        self.channels, self.num_references = channels, num_references
        self.maps, self.quirks = tuple(maps), quirks
        level, fused = num_attention_downsamplings, embedding == "hybrid"
        self.encoder = ReferenceEncoder(channels, num_references, level, fused=fused)
        self.attention = (
            ReferenceAttention(channels[: level + 1]) if attention == "learned" else None
        )
        # The weights of a level come from below.
        self.correlation = FeatureCorrelation(channels[1:], quirks)
        self.weight_generator = WeightGenerator(channels, num_adaptive_levels, quirks)
        self.label_embedding = LabelEmbedding(channels, num_adaptive_levels, quirks=quirks)
        inner = (*channels[1:], channels[-1])  # of what comes up from the level below
        self.blocks = nn.ModuleList(
            SpadeBlock(
                inner[index],
                width,
                maps if index < NUM_COMPOSED_LEVELS else (LABEL,),
                adaptive=index < num_adaptive_levels,
                norm=MeanActiveSpade if fused and index < NUM_COMPOSED_LEVELS else ActiveSpade,
                enlarging=index + 1 < len(channels),
            )
            for index, width in enumerate(channels)
        )
        self.to_image = nn.Conv2d(channels[0], 3, 3, padding=1)

    def encode_references(self, images: Tensor, labels: Tensor) -> ReferenceFeatures:
        """Return what the references give to every frame.

        Args:
            images: (B, N, 3, H, W) in [-1, 1]. B is 1 for a video, the samples for a batch.
            labels: their drawings, (B, N, 1, H, W) in [0, 1].

        Raises:
            DataError: N is not the number this network was made for, or a size does not halve.
        """
        self._check(images)
        features = self.encoder.encode(images, labels)
        keys = None if self.attention is None else self.attention.keys(labels)
        return replace(features, keys=keys)

    def encode_target(self, references: ReferenceFeatures, label: Tensor) -> TargetCode:
        """Return the code of targets with the drawings (B, 1, H, W) in [0, 1]."""
        if self.attention is None or references.keys is None:
            attention = uniform_attention(label, references.image)
        else:
            attention = self.attention(label, references.keys)
        image, landmarks = self.encoder.pool(references, attention)
        weights = self.weight_generator(self.correlation(image, landmarks))
        return TargetCode(attention, image, weights, self.label_embedding(label, weights))

    def trunk(self, code: TargetCode) -> Tensor:
        """Paint the small levels: features (B, C, h, w) of the last of them."""
        features = code.features
        for index in reversed(range(NUM_COMPOSED_LEVELS, len(self.blocks))):
            features = self._block(index, features, code, {})
        return features

    def head(self, trunk: Tensor, code: TargetCode, embedded: Mapping[str, list[Tensor]]) -> Tensor:
        """Paint the composed levels and return the image (B, 3, H, W) in [-1, 1].

        Args:
            trunk: of `trunk`.
            code: of `encode_target`.
            embedded: for each warped picture its maps, the largest first; without any, the image
                is the raw one.
        """
        features = trunk
        for index in reversed(range(NUM_COMPOSED_LEVELS)):
            maps = {name: levels[index] for name, levels in embedded.items()}
            features = self._block(index, features, code, maps)
        return torch.tanh(self.to_image(activate(features)))

    def _block(
        self, index: int, features: Tensor, code: TargetCode, maps: Mapping[str, Tensor]
    ) -> Tensor:
        weights = code.weights[index] if index < len(code.weights) else None
        all_maps = {LABEL: code.label_maps[index], **maps}
        painted: Tensor = self.blocks[index](features, all_maps, weights)
        return painted

    def _check(self, images: Tensor) -> None:
        """Refuse references that this network was not made for."""
        num_references, (height, width) = images.shape[1], images.shape[-2:]
        if num_references != self.num_references:
            raise DataError(
                f"{num_references} references were given to a generator made for "
                f"{self.num_references}. Give {self.num_references}; repeating some will do."
            )
        unit = 2 ** (len(self.channels) - 1)
        if height % unit or width % unit:
            raise DataError(
                f"References of {width} x {height} px do not fit a generator with "
                f"{len(self.channels)} levels. Both sides must be multiples of {unit}."
            )
