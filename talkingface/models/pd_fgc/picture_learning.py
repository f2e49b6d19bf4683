"""How PD-FGC draws in training: each factor from somebody else, and all of it seen again.

D. Wang et al., CVPR 2023, sections 3.1 and 3.4; the losses of pictures stand in
`talkingface.nn.growing_pictures`. The first generator draws from everything that moves at once, so
that the trunk of the motion encoder learns it; here no discriminator judges it, for nobody looks at
its pictures.
"""

from collections.abc import Mapping
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.func import functional_call

from talkingface.face.judges import judged
from talkingface.models.base import Batch
from talkingface.models.pd_fgc.config import PDFGCSettings
from talkingface.models.pd_fgc.known_codes import emotion_code, eye_code, named, pose_code
from talkingface.models.pd_fgc.motion_encoder import MotionEncoder
from talkingface.models.pd_fgc.network import PDFGCNetwork, style_of
from talkingface.models.pd_fgc.part_learning import mean_expressions
from talkingface.nn.gan import Adversary
from talkingface.nn.growing_pictures import LEVELS_LEFT_OUT, GrowingPictures, grown
from talkingface.nn.patch_discriminator import MultiScaleDiscriminator
from talkingface.nn.pictures import from_levels
from talkingface.nn.style_generator import StyleGenerator


class PictureLearning(GrowingPictures):
    """The first generator, the discriminator, and the losses of the phases that draw.

    Args:
        settings: of the method.
        appearance_width: length of the appearance vector.
        teachers: networks that judge pictures; they are no part of this module.
    """

    def __init__(
        self, settings: PDFGCSettings, appearance_width: int, teachers: Mapping[str, nn.Module]
    ) -> None:
        eye_weight = settings.eye_weight
        super().__init__(
            Adversary(
                MultiScaleDiscriminator(channels=settings.discriminator_channels), settings.gan
            ),
            strengths=(settings.mouth_weight, eye_weight, eye_weight),
            judge=partial(judged, tuple(teachers.values())),
        )
        sizes = settings.network
        self.lip_width = sizes.lip_width
        self.first_generator = StyleGenerator(
            style_width=appearance_width + sizes.features,
            channels=sizes.generator_channels,
            start_size=sizes.start_px,
        )

    def unified_losses(self, network: PDFGCNetwork, batch: Batch) -> dict[str, Tensor]:
        """Return how far the face is from the truth that the trunk's feature alone moves."""
        appearance = network.appearance_encoder(from_levels(batch["portraits"]))
        features = network.motion_encoder(from_levels(batch["mover"]))
        style, phase = style_of(appearance, features), "full_size"
        fakes = grown(self.first_generator, style, appearance.start, phase)
        return self.drawing_losses(phase, fakes, from_levels(batch["target"]), batch["places"])

    def losses(self, network: PDFGCNetwork, phase: str, batch: Batch) -> dict[str, Tensor]:
        """Return the losses of a phase that draws, or of the discriminator."""
        real = from_levels(batch["target"])
        with torch.set_grad_enabled(phase != "discriminator"):
            appearance = network.appearance_encoder(from_levels(batch["portraits"]))
            motion = asked_motion(network, batch)
            style = style_of(appearance, motion)
            fakes = grown(network.generator, style, appearance.start, phase)
        if phase == "discriminator":
            return self.adversary.discriminator_losses(real, fakes[-1])
        found = self.drawing_losses(phase, fakes, real, batch["places"])
        if LEVELS_LEFT_OUT[phase] == 0:
            found |= self._consistency(network.motion_encoder, fakes[-1], motion.detach())
        return found

    def _consistency(
        self, encoder: MotionEncoder, fakes: Tensor, asked: Tensor
    ) -> dict[str, Tensor]:
        """Return how far the motion of drawn faces, seen again, is from what was asked for.

        Only the pictures have a gradient. Lips that are heard and seen agree in direction alone.
        """
        seen = functional_call(_MotionOf(encoder), at_rest(encoder), fakes).float()
        lips, rest = seen.tensor_split([self.lip_width], dim=1)
        asked_lips, asked_rest = asked.float().tensor_split([self.lip_width], dim=1)
        return {
            "consistency": F.l1_loss(rest, asked_rest),
            "lip_consistency": 1 - F.cosine_similarity(lips, asked_lips).mean(),
        }


class _MotionOf(nn.Module):
    """Maps pictures to motion, so that a call can have other weights."""

    def __init__(self, encoder: MotionEncoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, pictures: Tensor) -> Tensor:
        return self.encoder.motion(self.encoder(pictures))


def at_rest(encoder: MotionEncoder) -> dict[str, Tensor]:
    """Return tensors of an encoder that neither learn nor take note of what they see."""
    kept = {name: one.detach() for name, one in encoder.named_parameters()}
    kept |= {name: one.clone() for name, one in encoder.named_buffers()}
    return {f"encoder.{name}": one for name, one in kept.items()}


def asked_motion(network: PDFGCNetwork, batch: Batch) -> Tensor:
    """Return the motion (B, M) of what is to be drawn, each factor as its own driver has it.

    Where factors are known and nobody shows them, codes are what the encoder was taught to read.
    """
    encoder, lips = network.motion_encoder, network.smoothed_lip_codes(batch["mels"])
    if "lips_shown" in batch:
        features = encoder.lip_features(encoder(from_levels(batch["lips_shown"])))
        is_seen = batch["lips_are_seen"][:, None]
        lips = torch.where(is_seen, encoder.lip_codes(features), lips)
    if "factors_shown" in batch:
        factors = named(batch["factors_shown"])
        moods = emotion_code(factors, encoder.emotion_width)
        return torch.cat([lips, moods, eye_code(factors), pose_code(factors)], dim=1)
    shown = torch.cat([batch["eyes_shown"], batch["pose_shown"]])
    eyes, poses = encoder(from_levels(shown)).chunk(2)
    moods = mean_expressions(encoder, batch["moods_shown"])
    return torch.cat([lips, moods, encoder.eye_codes(eyes), encoder.pose_codes(poses)], dim=1)
