"""How Speech2Talking-Face learns: who it is, seen in training and at last heard alone.

Y. Sun et al., IJCAI 2021. Its training was never published. This one keeps to the abstract and to
what the published model still holds:

- `start` makes the generator's own start map the mean of those that portraits give;
- the phases that draw first take the identity from portraits, then ever more often from the voice:
  the curriculum;
- `voice` brings the vector of a voice to that of the person's portraits, by classes that both
  share, by contrast with the other people of the batch, and by the distance to the person's
  centroid, the running mean of the vectors of all portraits.
"""

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from talkingface.models.base import Batch
from talkingface.models.pc_avs.assembly import portrait_encoder_of
from talkingface.models.pc_avs.learning import HEARD, PCAVSLearning
from talkingface.models.pc_avs.network import PCAVSNetwork
from talkingface.models.pc_avs.voice_config import Speech2TalkingFaceSettings
from talkingface.nn.contrast import contrastive, cross_modal
from talkingface.nn.growing_pictures import LEVELS_LEFT_OUT
from talkingface.nn.identity_encoder import Identity
from talkingface.nn.mel_noise import with_noise
from talkingface.nn.pictures import from_levels

OLD_SHARE = 0.9  # of a centroid that has seen many portraits


class VoiceLearning(PCAVSLearning):
    """What training has beside the networks: the encoder of portraits, classes and centroids.

    Args:
        settings: of the method.
        num_people: identities to tell apart.
        identity_width: length of the identity vector.
        teachers: networks that judge pictures; they are no part of this module.
    """

    centroids: Tensor  # (people, D)
    num_portraits: Tensor  # (people,) that are in each centroid
    num_drawn: Tensor  # steps of the curriculum

    def __init__(
        self,
        settings: Speech2TalkingFaceSettings,
        num_people: int,
        identity_width: int,
        teachers: Mapping[str, nn.Module],
    ) -> None:
        super().__init__(settings, num_people, identity_width, teachers)
        self.portrait_encoder = portrait_encoder_of(settings.network)
        self.seen_steps = settings.seen_steps
        self.curriculum_steps = settings.curriculum_steps
        self.register_buffer("centroids", torch.zeros(num_people, identity_width))
        self.register_buffer("num_portraits", torch.zeros(num_people))
        self.register_buffer("num_drawn", torch.zeros(()))

    @property
    def networks(self) -> Mapping[str, nn.Module]:
        """Its networks by the names under which settings of training know them."""
        return {**super().networks, "portrait_encoder": self.portrait_encoder}

    def losses(self, network: PCAVSNetwork, phase: str, batch: Batch) -> dict[str, Tensor]:
        """Return the losses of a phase."""
        if phase == "start":
            return self.start_losses(network, batch)
        if phase == "voice":
            return self.voice_losses(network, with_noise(batch, HEARD, self.mel_noise))
        found = super().losses(network, phase, batch)
        if phase in LEVELS_LEFT_OUT:
            self.num_drawn += 1
        return found

    def seen(self, network: PCAVSNetwork, portraits: Tensor) -> Identity:
        """Return who is in portraits (B, R, 3, H, W)."""
        del network  # hears who it is
        identity: Identity = self.portrait_encoder(portraits)
        return identity

    def start_losses(self, network: PCAVSNetwork, batch: Batch) -> dict[str, Tensor]:
        """Return how far the learned start map is from the mean of those that portraits give."""
        own = network.generator.input
        assert own is not None, "this generator has a start map of its own"
        with torch.no_grad():
            given = self.seen(network, from_levels(batch["portraits"])).start
        assert given is not None, "a portrait gives a start map"
        return {"start": F.mse_loss(own.input, given.float().mean(dim=0, keepdim=True))}

    def voice_losses(self, network: PCAVSNetwork, batch: Batch) -> dict[str, Tensor]:
        """Return how far the vector that is heard is from what is seen of the person."""
        labels = batch["label"]
        with torch.no_grad():
            seen = self.seen(network, from_levels(batch["portraits"])).vector.float()
            centroids = self._centroids_with(seen, labels)
        heard = network.identify(batch["voice"]).vector.float()
        people = self.encoders.people
        return {
            "seen_people": F.cross_entropy(people(seen).float(), labels),
            "heard_people": F.cross_entropy(people(heard).float(), labels),
            "voice_to_face": contrastive(heard, seen),
            "voice_to_centroid": cross_modal(heard, centroids),
        }

    def identified(self, network: PCAVSNetwork, batch: Batch) -> Identity:
        """Return who is to be drawn in each example: seen, or heard, as the curriculum has it."""
        seen = self.seen(network, from_levels(batch["portraits"])).vector
        heard = network.identify(batch["voice"]).vector
        by_voice = torch.rand(len(seen), 1, device=seen.device) < self._share_heard()
        return Identity(torch.where(by_voice, heard, seen), start=None)

    def _share_heard(self) -> Tensor:
        """Return the share of identities that are heard at this step."""
        heard_steps: Tensor = self.num_drawn - self.seen_steps + 1
        return heard_steps / max(1, self.curriculum_steps)

    def _centroids_with(self, seen: Tensor, labels: Tensor) -> Tensor:
        """Return the centroids (B, D) of people, after vectors (B, D) of theirs were taken in."""
        for vector, label in zip(seen, labels, strict=True):
            number = self.num_portraits[label]
            new_share = torch.clamp(1 / (number + 1), min=1 - OLD_SHARE)
            self.centroids[label] = torch.lerp(self.centroids[label], vector, new_share)
            self.num_portraits[label] = number + 1
        return self.centroids[labels]
