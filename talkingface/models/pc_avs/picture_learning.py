"""How PC_AVS draws in training.

H. Zhou et al., CVPR 2021, section 3.4; the losses stand in `talkingface.nn.growing_pictures`. With
both ways to drive a mouth, every loss is the mean over the picture of the mouth that is heard and
that of the mouth that is seen; the published program sums them, which is twice as much of each.
"""

from collections.abc import Mapping
from functools import partial

import torch
from torch import Tensor, nn

from talkingface.face.judges import judged
from talkingface.models.base import Batch
from talkingface.models.pc_avs.config import PCAVSSettings
from talkingface.models.pc_avs.network import PCAVSNetwork, style_of
from talkingface.nn.gan import Adversary
from talkingface.nn.growing_pictures import GrowingPictures, grown
from talkingface.nn.identity_encoder import Identity
from talkingface.nn.patch_discriminator import MultiScaleDiscriminator
from talkingface.nn.pictures import from_levels


class PictureLearning(GrowingPictures):
    """The discriminator, and the losses of the phases that draw.

    Args:
        settings: of the method.
        teachers: networks that judge pictures; they are no part of this module.
    """

    def __init__(self, settings: PCAVSSettings, teachers: Mapping[str, nn.Module]) -> None:
        super().__init__(
            Adversary(
                MultiScaleDiscriminator(channels=settings.discriminator_channels), settings.gan
            ),
            strengths=(settings.mouth_weight,),
            judge=partial(judged, tuple(teachers.values())),
        )
        self.hears_only = settings.generate_from_audio_only

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
                *_, fake = self._drawn(network, phase, batch, identity)
            return self.adversary.discriminator_losses(from_levels(batch["target"]), fake)
        fakes = self._drawn(network, phase, batch, identity)
        ways = len(fakes[-1]) // len(batch["target"])
        real = from_levels(batch["target"]).repeat_interleave(ways, dim=0)
        mouths = batch["mouth"].repeat_interleave(ways, dim=0)
        return self.drawing_losses(phase, fakes, real, mouths[:, None])

    def _drawn(
        self, network: PCAVSNetwork, phase: str, batch: Batch, identity: Identity
    ) -> list[Tensor]:
        """Return the pictures (B * W, 3, h, w) of each size that the phase draws, smallest first.

        W is 2 where mouths are seen as well as heard: the two pictures of a person are neighbours.
        """
        mouths = self._mouth_codes(network, batch)
        ways = len(mouths) // len(batch["target"])
        poses = network.pose_codes(from_levels(batch["posed"])).repeat_interleave(ways, dim=0)
        people = identity.repeated(ways)
        return grown(network.generator, style_of(people, mouths, poses), people.start, phase)

    def _mouth_codes(self, network: PCAVSNetwork, batch: Batch) -> Tensor:
        """Return the codes (B * W, M) of the mouths that are heard, and of those that are seen."""
        heard = network.mouth_codes(batch["mel"])
        if self.hears_only:
            return heard
        encoder = network.non_identity_encoder
        features = encoder.mouth_features(encoder(from_levels(batch["target"])))
        return torch.stack([heard, encoder.mouth_codes(features)], dim=1).flatten(0, 1)
