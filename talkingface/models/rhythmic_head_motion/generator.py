"""The 3D-aware generator: a painted face, composed with two pictures that were moved into place.

Paper: arXiv:2007.08547, section 3.4. The two pictures are a reference of the video (``reference``)
and the rendered 3D face in the target's pose (``ani``).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import torch
from torch import Tensor, nn

from talkingface.models.rhythmic_head_motion.embedding import PictureEmbedding
from talkingface.models.rhythmic_head_motion.encoder import ReferenceFeatures
from talkingface.models.rhythmic_head_motion.few_shot import (
    NUM_COMPOSED_LEVELS,
    FewShotGenerator,
    TargetCode,
)
from talkingface.models.rhythmic_head_motion.flow import FlowNetwork, Warped, warp
from talkingface.models.rhythmic_head_motion.spade import LABEL

SourceName = Literal["reference", "ani"]
PERSONAL_PARTS = (  # what is trained further on one person
    "few_shot.correlation.",
    "few_shot.weight_generator.",
    "few_shot.label_embedding.up.",
    "few_shot.blocks.",
    "few_shot.to_image.",
    "flows.reference.up.",
    "flows.ani.up.",
)
BLENDING_ORDER: tuple[SourceName, ...] = ("ani", "reference")  # of the linear form


@dataclass(frozen=True)
class Source:
    """A picture to be moved towards the target."""

    label: Tensor  # its drawing, (B, 1, H, W) in [0, 1]
    picture: Tensor  # (B, 3, H, W) in [-1, 1]


@dataclass(frozen=True)
class Composed:
    """Frames, and how they came about."""

    image: Tensor  # (B, 3, H, W) in [-1, 1]
    attention: Tensor  # (B, N, h, w)
    warped: dict[SourceName, Warped]
    raw: Tensor | None = None  # (B, 3, H, W): painted without the warped pictures
    half_blended: Tensor | None = None  # (B, 3, H, W): the linear form after the ani picture

    @property
    def main_reference(self) -> Tensor:
        """The reference that is looked at most, (B,)."""
        return self.attention.sum(dim=(2, 3)).argmax(dim=1)


class Generator(nn.Module):
    """Paints frames with a few-shot generator and composes them with warped pictures.

    The composition is nonlinear (the pictures modulate the painting) where the few-shot generator
    has maps for them, and linear (the pictures are blended in) where it has not.

    Args:
        few_shot: paints.
        warped: the pictures that are used; leaving one out is an ablation.
        pictures: ``still`` is the ablation that uses the masks but not the flows. It takes effect
            in the linear form too, where the published option does not.
        flow_channels: of the levels of each flow network.
        num_flow_blocks: of each flow network.
    """

    def __init__(
        self,
        few_shot: FewShotGenerator,
        *,
        warped: tuple[SourceName, ...] = ("reference", "ani"),
        pictures: Literal["moved", "still"] = "moved",
        flow_channels: tuple[int, ...] = (32, 64, 128, 256),
        num_flow_blocks: int = 6,
    ) -> None:
        super().__init__()
        self.few_shot = few_shot
        self.warped, self.pictures = warped, pictures
        self.flows = nn.ModuleDict(
            {
                name: FlowNetwork(flow_channels, num_flow_blocks, quirks=few_shot.quirks)
                for name in warped
            }
        )
        composed_channels = few_shot.channels[:NUM_COMPOSED_LEVELS]
        self.embeddings = nn.ModuleDict(
            {name: PictureEmbedding(composed_channels) for name in few_shot.maps if name != LABEL}
        )

    def encode_references(self, images: Tensor, labels: Tensor) -> ReferenceFeatures:
        """Return what the references give to every frame; see `FewShotGenerator`."""
        return self.few_shot.encode_references(images, labels)

    def compose(
        self,
        references: ReferenceFeatures,
        label: Tensor,
        sources: Mapping[SourceName, Source],
        *,
        with_raw: bool = False,
    ) -> Composed:
        """Return frames.

        Args:
            references: of `encode_references`: of each sample, or of one video.
            label: the targets' drawings, (B, 1, H, W) in [0, 1].
            sources: one for each of `warped`.
            with_raw: whether to paint the raw image as well, which losses ask for.
        """
        code = self.few_shot.encode_target(references, label)
        warped = self._warp(label, sources)
        trunk = self.few_shot.trunk(code)
        if not self.embeddings:
            return _blend(self.few_shot.head(trunk, code, {}), code, warped)
        image = self.few_shot.head(trunk, code, self._embed(warped))
        raw = self.few_shot.head(trunk, code, {}) if with_raw else None
        return Composed(image, code.attention, warped, raw=raw)

    def forward(
        self,
        images: Tensor,
        labels: Tensor,
        label: Tensor,
        sources: Mapping[SourceName, Source],
        *,
        with_raw: bool = True,
    ) -> Composed:
        """Return frames for training: references and targets at once."""
        references = self.encode_references(images, labels)
        return self.compose(references, label, sources, with_raw=with_raw)

    def personal_parameters(self) -> Iterator[nn.Parameter]:
        """Yield what fine-tuning on one person updates."""
        for name, parameter in self.named_parameters():
            if name.startswith(PERSONAL_PARTS):
                yield parameter

    def _warp(
        self, label: Tensor, sources: Mapping[SourceName, Source]
    ) -> dict[SourceName, Warped]:
        warped: dict[SourceName, Warped] = {}
        for name in self.warped:
            source = sources[name]
            estimate: Warped = self.flows[name](label, source.label, source.picture)
            moved = source.picture
            if self.pictures == "moved":
                moved = warp(source.picture, estimate.flow, self.few_shot.quirks)
            warped[name] = replace(estimate, picture=moved)
        return warped

    def _embed(self, warped: Mapping[SourceName, Warped]) -> dict[str, list[Tensor]]:
        return {
            name: self.embeddings[name](torch.cat([one.picture, one.mask], dim=1))
            for name, one in warped.items()
        }


def _blend(painted: Tensor, code: TargetCode, warped: dict[SourceName, Warped]) -> Composed:
    """Compose linearly: where a mask is 0 the warped picture stands."""
    stages = [painted]
    for name in BLENDING_ORDER:
        if name in warped:
            one = warped[name]
            stages.append(stages[-1] * one.mask + one.picture * (1 - one.mask))
    return Composed(
        image=stages[-1],
        attention=code.attention,
        warped=warped,
        raw=painted if warped else None,
        half_blended=stages[1] if "ani" in warped else None,
    )
