"""How PC_AVS learns: what training adds to the networks, and which losses each phase has.

H. Zhou et al., CVPR 2021, sections 3.2 to 3.4. `identity` tells people apart; `motion` brings what
is heard and what is seen of a mouth together; `pose` teaches the pose code where factors are known;
`disentangling` keeps people out of the pose; the others draw.
"""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from talkingface.models.base import Batch
from talkingface.models.pc_avs.config import PCAVSSettings
from talkingface.models.pc_avs.encoder_learning import EncoderLearning
from talkingface.models.pc_avs.network import PCAVSNetwork
from talkingface.models.pc_avs.picture_learning import PictureLearning
from talkingface.nn.identity_encoder import Identity
from talkingface.nn.mel_noise import with_noise
from talkingface.nn.pictures import from_levels

HEARD = ("mel", "moment_mels", "voice")  # spectrograms in a batch


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
        self.mel_noise = settings.mel_noise
        self.encoders = EncoderLearning(settings, num_people, identity_width)
        self.pictures = PictureLearning(settings, teachers)

    @property
    def networks(self) -> Mapping[str, nn.Module]:
        """Its networks by the names under which settings of training know them."""
        return {
            "people": self.encoders.people,
            "people_by_pose": self.encoders.people_by_pose,
            "factor_head": self.encoders.factor_head,
            "discriminator": self.pictures.adversary,
        }

    def losses(self, network: PCAVSNetwork, phase: str, batch: Batch) -> dict[str, Tensor]:
        """Return the losses of a phase."""
        batch = with_noise(batch, HEARD, self.mel_noise)
        if phase == "identity":
            seen = self.seen(network, from_levels(batch["portrait"])[:, None])
            return self.encoders.identity_losses(seen, batch["label"])
        if phase == "motion":
            return self.encoders.motion_losses(network, batch)
        if phase == "pose":
            return self.encoders.pose_losses(network, batch)
        if phase == "disentangling":
            return self.encoders.disentangling_losses(network, batch)
        with torch.set_grad_enabled(phase != "discriminator"):
            identity = self.identified(network, batch)
        return self.pictures.losses(network, phase, batch, identity)

    def seen(self, network: PCAVSNetwork, portraits: Tensor) -> Identity:
        """Return who is in portraits (B, R, 3, H, W)."""
        return network.identify(portraits)

    def identified(self, network: PCAVSNetwork, batch: Batch) -> Identity:
        """Return who is to be drawn in each example."""
        return self.seen(network, from_levels(batch["portraits"]))
