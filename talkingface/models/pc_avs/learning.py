"""How PC_AVS learns: what each phase of training asks of the networks.

H. Zhou et al., CVPR 2021, sections 3.2 to 3.4. `identity` tells people apart; `motion` brings what
is heard and what is seen of a mouth together; the others draw. On SynthTalk, whose factors are
known, `motion` also teaches the pose code directly. Pictures grow: a quarter of the size, half of
it, all of it, then against a discriminator.
"""

from collections.abc import Mapping
from itertools import islice

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor, nn

from talkingface.face.reader.likeness import likeness_losses
from talkingface.face.reader.network import ReaderNetwork
from talkingface.models.base import Batch
from talkingface.models.pc_avs.config import PCAVSSettings
from talkingface.models.pc_avs.examples import POSE_FACTORS
from talkingface.models.pc_avs.losses import contrastive, cross_modal
from talkingface.models.pc_avs.network import PCAVSNetwork, style_of
from talkingface.nn.gan import Adversary
from talkingface.nn.patch_discriminator import MultiScaleDiscriminator
from talkingface.nn.perceptual import PerceptualLoss, VGG19Features
from talkingface.nn.picture_losses import bumps, edge_l1, patch_l1, shrunk_to, weighted_l1

LEVELS_LEFT_OUT: Mapping[str, int] = {  # of the generator's sizes, from the largest
    "quarter_size": 2,
    "half_size": 1,
    "full_size": 0,
    "generator": 0,
}


class PCAVSLearning(nn.Module):
    """What training has beside the networks, and the losses of each phase.

    Args:
        settings: of the method.
        num_people: identities to tell apart.
        identity_width: length of the identity vector.
        teachers: networks that judge pictures; they are no part of this module.
    """

    def __init__(
        self,
        settings: PCAVSSettings,
        num_people: int,
        identity_width: int,
        teachers: Mapping[str, nn.Module],
    ) -> None:
        super().__init__()
        self.mouth_weight = settings.mouth_weight
        self.mel_noise = settings.mel_noise
        self.people = nn.Linear(identity_width, num_people)
        self.factor_head = nn.Linear(settings.network.pose_width, len(POSE_FACTORS))
        self.adversary = Adversary(
            MultiScaleDiscriminator(channels=settings.discriminator_channels)
        )
        self._teachers = dict(teachers)  # a plain dict, so that they are neither saved nor trained

    def losses(self, network: PCAVSNetwork, phase: str, batch: Batch) -> dict[str, Tensor]:
        """Return the losses of a phase."""
        if phase == "identity":
            return self.identity_losses(network, batch)
        if phase == "motion":
            return self.motion_losses(network, batch)
        if phase == "discriminator":
            with torch.no_grad():
                *_, fake = self._drawn(network, batch, levels_left_out=0)
            return self.adversary.discriminator_losses(pictures(batch["target"]), fake)
        fakes = self._drawn(network, batch, LEVELS_LEFT_OUT[phase])
        found = self.picture_losses(fakes, batch)
        if LEVELS_LEFT_OUT[phase] == 0:
            found |= self._judged(fakes[-1], pictures(batch["target"]))
        if phase == "generator":
            judged = self.adversary.generator_losses(pictures(batch["target"]), fakes[-1])
            found |= {"gan": judged["gan"], "features": judged["features"]}
        return found

    def identity_losses(self, network: PCAVSNetwork, batch: Batch) -> dict[str, Tensor]:
        """Return how hard it is to tell from a portrait who it is."""
        vector = network.identify(pictures(batch["portrait"])[:, None]).vector
        return {"identity": F.cross_entropy(self.people(vector).float(), batch["label"])}

    def motion_losses(self, network: PCAVSNetwork, batch: Batch) -> dict[str, Tensor]:
        """Return how far sound and mouth are apart, and how far the pose code is from the pose.

        Each moment is to find its sound among those of all moments, of its own clip too; the paper
        joins some moments of a clip to one vector.
        """
        moments = pictures(rearrange(batch["moments"], "b t h w c -> (b t) h w c"))
        encoder = network.non_identity_encoder
        features = encoder(moments)
        seen = encoder.mouth_features(features).float()
        heard = network.speech_encoder(self._noisy(batch["moment_mels"].flatten(0, 1))).float()
        found = {
            "speech_to_mouth": contrastive(heard, seen.detach()),
            "mouth_to_speech": contrastive(seen, heard.detach()),
            "cross_modal": cross_modal(heard, seen),
        }
        if "shown" in batch:
            known = batch["moment_factors"]  # (B, T, F)
            codes = torch.cat(
                [
                    encoder.pose_codes(features),
                    encoder.pose_codes(encoder(pictures(batch["shown"]))),
                ]
            )
            true = torch.cat([known.flatten(0, 1), known[:, 0]])
            found["pose"] = F.smooth_l1_loss(self.factor_head(codes).float(), true)
        return found

    def picture_losses(self, fakes: list[Tensor], batch: Batch) -> dict[str, Tensor]:
        """Return how far the largest picture is from the truth, and the smaller ones."""
        fake, real = fakes[-1], shrunk_to(pictures(batch["target"]), fakes[-1].shape[-1])
        weights = 1 + self.mouth_weight * bumps(batch["mouth"], fake.shape[-1])
        inner = [F.l1_loss(one, shrunk_to(real, one.shape[-1])) for one in fakes[:-1]]
        return {
            "pixels": weighted_l1(fake, real, weights),
            "patches": patch_l1(fake, real),
            "edges": edge_l1(fake, real, weights),
            "inner": torch.stack(inner).mean(),
        }

    def _drawn(self, network: PCAVSNetwork, batch: Batch, levels_left_out: int) -> list[Tensor]:
        """Return the pictures (B, 3, h, w) of each size, smallest first, without the largest."""
        references = rearrange(batch["portraits"], "b r h w c -> (b r) h w c")
        people = len(batch["target"])
        identity = network.identify(
            rearrange(pictures(references), "(b r) c h w -> b r c h w", b=people)
        )
        mouths = network.mouth_codes(self._noisy(batch["mel"]))
        style = style_of(identity, mouths, network.pose_codes(pictures(batch["posed"])))
        sizes = network.generator.sizes
        skips = network.generator.skips(style, identity.start)
        return [torch.tanh(one.float()) for one in islice(skips, len(sizes) - levels_left_out)]

    def _judged(self, fake: Tensor, real: Tensor) -> dict[str, Tensor]:
        """Return what the teachers say of pictures at full size."""
        found: dict[str, Tensor] = {}
        for teacher in self._teachers.values():
            if isinstance(teacher, ReaderNetwork):
                found |= likeness_losses(teacher, fake, real)
            elif isinstance(teacher, VGG19Features):
                found["perceptual"] = PerceptualLoss(teacher)(fake, real)
        return found

    def _noisy(self, mels: Tensor) -> Tensor:
        """Return mel windows with a little noise, where there is to be some."""
        return mels + self.mel_noise * torch.randn_like(mels) if self.mel_noise else mels


def pictures(batch: Tensor) -> Tensor:
    """Return pictures (B, H, W, 3) uint8 as (B, 3, H, W) in [-1, 1]."""
    return rearrange(batch, "b h w c -> b c h w").float() / 127.5 - 1
