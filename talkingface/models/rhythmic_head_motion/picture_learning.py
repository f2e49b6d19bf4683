"""What teaches the generator: the true picture, a teacher of flows, judges, and a discriminator.

Paper: arXiv:2007.08547, section 4. What is said of the final image is said of the raw one too, and
in the linear form of the half blended one; the losses of all are summed, as published.

Pictures may grow before they are judged, which the authors' do not: `quarter_size`, `half_size` and
`full_size` compare the final image alone, at that size.
"""

from collections.abc import Mapping, Sequence

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor, nn

from talkingface.face.reader.likeness import likeness_losses
from talkingface.face.reader.network import ReaderNetwork
from talkingface.models.base import Batch
from talkingface.models.rhythmic_head_motion.discriminator import adversary, judged
from talkingface.models.rhythmic_head_motion.generator import (
    Composed,
    Generator,
    Source,
    SourceName,
)
from talkingface.models.rhythmic_head_motion.losses import (
    confidence,
    flow_distance,
    mask_distance,
    region_distance,
    warp_distance,
)
from talkingface.models.rhythmic_head_motion.rhythmic_config import RhythmicSettings
from talkingface.nn.growing_pictures import LEVELS_LEFT_OUT
from talkingface.nn.perceptual import PerceptualLoss, VGG19Features
from talkingface.nn.picture_losses import edge_l1, patch_l1
from talkingface.nn.pictures import from_levels

# What each warped picture is compared with: by its flow, and as a picture.
SHOWN: Mapping[SourceName, str] = {"reference": "shown_target", "ani": "bare_target"}
COMPARED: Mapping[SourceName, str] = {"reference": "target", "ani": "bare_target"}
IN_BATCH: Mapping[SourceName, str] = {"reference": "warped", "ani": "ani"}

GROWING_PHASES = ("quarter_size", "half_size", "full_size")


class PictureLearning(nn.Module):
    """The discriminator, and the losses of the phases that draw.

    Args:
        settings: of the method.
        teachers: networks that judge pictures; they are no part of this module.
    """

    def __init__(self, settings: RhythmicSettings, teachers: Mapping[str, nn.Module]) -> None:
        super().__init__()
        self.adversary = adversary(settings.discriminator_channels, settings.discriminator_scales)
        self._judges_raw = settings.judges_raw
        self._teachers = dict(teachers)  # a plain dict, so that they are neither saved nor trained

    def losses(self, generator: Generator, phase: str, batch: Batch) -> dict[str, Tensor]:
        """Return the losses of a phase that draws, or of the discriminator."""
        target, with_raw = from_levels(batch["target"]), self._judges_raw
        if phase == "discriminator":
            with torch.no_grad():
                composed = _composed(generator, batch, with_raw=with_raw)
            fakes = _fakes(composed, with_raw=with_raw)
            return _summed([self._told_apart(batch, target, fake) for fake in fakes])
        grows = phase in GROWING_PHASES
        composed = _composed(generator, batch, with_raw=with_raw and not grows)
        found = _likeness(batch, target, composed.image)
        if LEVELS_LEFT_OUT.get(phase, 0) == 0:
            found |= self._read(target, composed.image)
        if not grows:
            fakes = _fakes(composed, with_raw=with_raw)
            found |= _summed([self._judged(batch, target, fake) for fake in fakes])
        if phase != "personal":  # no flow is taught of one person
            found |= _warping(batch, composed)
        return found

    def _told_apart(self, batch: Batch, target: Tensor, fake: Tensor) -> dict[str, Tensor]:
        """Return how badly true and generated frames are told apart."""
        return self.adversary.discriminator_losses(*_conditioned(batch, target, fake))

    def _judged(self, batch: Batch, target: Tensor, fake: Tensor) -> dict[str, Tensor]:
        """Return what discriminator and VGG19 say of a generated frame."""
        judged_by_rival = self.adversary.generator_losses(*_conditioned(batch, target, fake))
        found = {name: judged_by_rival[name] for name in ("gan", "features")}
        for teacher in self._teachers.values():
            if isinstance(teacher, VGG19Features):
                found["perceptual"] = PerceptualLoss(teacher)(fake.float(), target)
        return found

    def _read(self, target: Tensor, image: Tensor) -> dict[str, Tensor]:
        """Return how differently readers of drawn faces see the final image and the truth."""
        found: dict[str, Tensor] = {}
        for teacher in self._teachers.values():
            if isinstance(teacher, ReaderNetwork):
                found |= likeness_losses(teacher, image.float(), target)
        return found


def _likeness(batch: Batch, target: Tensor, image: Tensor) -> dict[str, Tensor]:
    """Return how far the final image is from the truth."""
    regions = batch["eyes_and_mouth"][:, None].to(image)
    return {
        "face_l1": F.l1_loss(image, target),
        "mask_l1": region_distance(image, target, regions),
        "patches": patch_l1(image, target),
        "edges": edge_l1(image, target, 1 + regions),
    }


def _composed(generator: Generator, batch: Batch, *, with_raw: bool) -> Composed:
    """Return the frames of a batch, and how they came about."""
    references = rearrange(batch["references"], "b n h w c -> (b n) h w c")
    images = rearrange(
        from_levels(references), "(b n) c h w -> b n c h w", b=len(batch["references"])
    )
    composed: Composed = generator(
        images,
        _label(batch["reference_labels"])[:, :, None],
        _label(batch["target_label"])[:, None],
        {name: _source(batch, name) for name in generator.warped},
        with_raw=with_raw,
    )
    return composed


def _fakes(composed: Composed, *, with_raw: bool) -> list[Tensor]:
    """Return the images that are judged: the final one, the raw, the half blended."""
    images = (composed.image, composed.raw if with_raw else None, composed.half_blended)
    return [one for one in images if one is not None]


def _conditioned(batch: Batch, target: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    """Return true and generated frames as the discriminator sees them."""
    reference, label = _source(batch, "reference"), _label(batch["target_label"])[:, None]
    return judged(reference, label, target), judged(reference, label, fake.to(target))


def _warping(batch: Batch, composed: Composed) -> dict[str, Tensor]:
    """Return how far what was moved is from where it belongs, summed over the pictures."""
    return _summed([_warped_losses(batch, name, composed) for name in composed.warped])


def _warped_losses(batch: Batch, name: SourceName, composed: Composed) -> dict[str, Tensor]:
    warped, picture = composed.warped[name], _source(batch, name).picture
    taught = batch[f"{IN_BATCH[name]}_flow"]
    believed = confidence(from_levels(batch[SHOWN[name]]), picture, taught)
    target = from_levels(batch[COMPARED[name]])
    return {
        "flow": flow_distance(warped.flow, taught, believed),
        "warp": warp_distance(warped, target),
        "mask": mask_distance(warped, target),
    }


def _source(batch: Batch, name: SourceName) -> Source:
    own = IN_BATCH[name]
    return Source(_label(batch[f"{own}_label"])[:, None], from_levels(batch[own]))


def _label(drawings: Tensor) -> Tensor:
    """Return drawings (..., S, S) of 0 to 255 as the networks see them."""
    return drawings.float() / 255


def _summed(losses: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """Return the sum of each loss over several images."""
    names = losses[0].keys() if losses else ()
    return {name: torch.stack([one[name] for one in losses]).sum() for name in names}
