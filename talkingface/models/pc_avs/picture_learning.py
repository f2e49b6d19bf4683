"""What teaches PC_AVS to draw: the true picture, networks that judge, and a discriminator.

H. Zhou et al., CVPR 2021, section 3.4. Pictures grow: a quarter of the size, half of it, all of it,
then against a discriminator. With both ways to drive a mouth, every loss is the mean over the
picture of the mouth that is heard and that of the mouth that is seen; the published program sums
them, which is twice as much of each.
"""

from collections.abc import Mapping
from itertools import islice

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from talkingface.face.reader.likeness import likeness_losses
from talkingface.face.reader.network import ReaderNetwork
from talkingface.models.base import Batch
from talkingface.models.pc_avs.config import PCAVSSettings
from talkingface.models.pc_avs.network import PCAVSNetwork, style_of
from talkingface.nn.gan import Adversary
from talkingface.nn.identity_encoder import Identity
from talkingface.nn.patch_discriminator import MultiScaleDiscriminator
from talkingface.nn.perceptual import PerceptualLoss, VGG19Features
from talkingface.nn.picture_losses import bumps, edge_l1, patch_l1, shrunk_to, weighted_l1
from talkingface.nn.pictures import from_levels

LEVELS_LEFT_OUT: Mapping[str, int] = {  # of the generator's sizes, from the largest
    "quarter_size": 2,
    "half_size": 1,
    "full_size": 0,
    "generator": 0,
}


class PictureLearning(nn.Module):
    """The discriminator, and the losses of the phases that draw.

    Args:
        settings: of the method.
        teachers: networks that judge pictures; they are no part of this module.
    """

    def __init__(self, settings: PCAVSSettings, teachers: Mapping[str, nn.Module]) -> None:
        super().__init__()
        self.mouth_weight = settings.mouth_weight
        self.hears_only = settings.generate_from_audio_only
        self.adversary = Adversary(
            MultiScaleDiscriminator(channels=settings.discriminator_channels), settings.gan
        )
        self._teachers = dict(teachers)  # a plain dict, so that they are neither saved nor trained

    def losses(
        self, network: PCAVSNetwork, phase: str, batch: Batch, identity: Identity
    ) -> dict[str, Tensor]:
        """Return the losses of a phase that draws, or of the discriminator.

        Args:
            network: what draws.
            phase: by its name.
            batch: what is to be drawn.
            identity: of the person in each example.
        """
        if phase == "discriminator":
            with torch.no_grad():
                *_, fake = self._drawn(network, batch, identity, levels_left_out=0)
            return self.adversary.discriminator_losses(from_levels(batch["target"]), fake)
        fakes = self._drawn(network, batch, identity, LEVELS_LEFT_OUT[phase])
        ways = len(fakes[-1]) // len(batch["target"])
        real = from_levels(batch["target"]).repeat_interleave(ways, dim=0)
        found = self._likeness(fakes, real, batch["mouth"].repeat_interleave(ways, dim=0))
        if LEVELS_LEFT_OUT[phase] == 0:
            found |= self._judged(fakes[-1], real)
        if phase == "generator":
            judged = self.adversary.generator_losses(real, fakes[-1])
            found |= {"gan": judged["gan"], "features": judged["features"]}
        return found

    def _drawn(
        self, network: PCAVSNetwork, batch: Batch, identity: Identity, levels_left_out: int
    ) -> list[Tensor]:
        """Return the pictures (B * W, 3, h, w) of each size, smallest first, without the largest.

        W is 2 where mouths are seen as well as heard: the two pictures of a person are neighbours.
        """
        mouths = self._mouth_codes(network, batch)
        ways = len(mouths) // len(batch["target"])
        poses = network.pose_codes(from_levels(batch["posed"])).repeat_interleave(ways, dim=0)
        style = style_of(identity.repeated(ways), mouths, poses)
        skips = network.generator.skips(style, identity.repeated(ways).start)
        num_sizes = len(network.generator.sizes) - levels_left_out
        return [torch.tanh(one.float()) for one in islice(skips, num_sizes)]

    def _mouth_codes(self, network: PCAVSNetwork, batch: Batch) -> Tensor:
        """Return the codes (B * W, M) of the mouths that are heard, and of those that are seen."""
        heard = network.mouth_codes(batch["mel"])
        if self.hears_only:
            return heard
        encoder = network.non_identity_encoder
        features = encoder.mouth_features(encoder(from_levels(batch["target"])))
        return torch.stack([heard, encoder.mouth_codes(features)], dim=1).flatten(0, 1)

    def _likeness(self, fakes: list[Tensor], real: Tensor, mouths: Tensor) -> dict[str, Tensor]:
        """Return how far the largest picture is from the truth, and the smaller ones."""
        fake = fakes[-1]
        real = shrunk_to(real, fake.shape[-1])
        weights = 1 + self.mouth_weight * bumps(mouths, fake.shape[-1])
        inner = [F.l1_loss(one, shrunk_to(real, one.shape[-1])) for one in fakes[:-1]]
        return {
            "pixels": weighted_l1(fake, real, weights),
            "patches": patch_l1(fake, real),
            "edges": edge_l1(fake, real, weights),
            "inner": torch.stack(inner).mean(),
        }

    def _judged(self, fake: Tensor, real: Tensor) -> dict[str, Tensor]:
        """Return what the teachers say of pictures at full size."""
        found: dict[str, Tensor] = {}
        for teacher in self._teachers.values():
            if isinstance(teacher, ReaderNetwork):
                found |= likeness_losses(teacher, fake, real)
            elif isinstance(teacher, VGG19Features):
                found["perceptual"] = PerceptualLoss(teacher)(fake, real)
        return found
