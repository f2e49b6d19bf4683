"""What teaches the encoders of PC_AVS: who it is, what the mouth does, how the head is held.

H. Zhou et al., CVPR 2021, sections 3.2 and 3.4. Nothing is drawn here.
"""

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor, nn
from torch.func import functional_call

from talkingface.models.base import Batch
from talkingface.models.pc_avs.config import PCAVSSettings
from talkingface.models.pc_avs.examples import POSE_FACTORS
from talkingface.models.pc_avs.losses import uniformity
from talkingface.models.pc_avs.network import PCAVSNetwork
from talkingface.nn.contrast import brought_together
from talkingface.nn.identity_encoder import Identity
from talkingface.nn.pictures import from_levels


class EncoderLearning(nn.Module):
    """Heads that read the codes, and the losses of the phases that compare codes.

    Args:
        settings: of the method.
        num_people: identities to tell apart.
        identity_width: length of the identity vector.
    """

    def __init__(self, settings: PCAVSSettings, num_people: int, identity_width: int) -> None:
        super().__init__()
        pose_width, self.joined_frames = settings.network.pose_width, settings.joined_frames
        self.people = nn.Linear(identity_width, num_people)
        self.people_by_pose = nn.Sequential(
            nn.ReLU(), nn.Linear(pose_width * self.joined_frames, num_people)
        )
        self.factor_head = nn.Linear(pose_width, len(POSE_FACTORS))

    def identity_losses(self, identity: Identity, labels: Tensor) -> dict[str, Tensor]:
        """Return how hard it is to tell from an identity which of the people it is."""
        return {"identity": F.cross_entropy(self.people(identity.vector).float(), labels)}

    def motion_losses(self, network: PCAVSNetwork, batch: Batch) -> dict[str, Tensor]:
        """Return how far sound and mouth are apart, and how far the pose code is from the pose.

        Each part of a clip is to find its sound among those of all parts in the batch, of its own
        clip too, by the features of its frames side by side. On SynthTalk, whose factors are
        known, the pose code is taught directly.
        """
        encoder = network.non_identity_encoder
        features = encoder(_moments(batch))
        seen = self._joined(encoder.mouth_features(features))
        heard = self._joined(network.speech_encoder(batch["moment_mels"].flatten(0, 1)))
        found = brought_together(heard, seen)
        if "shown" in batch:
            known = batch["moment_factors"]  # (B, T, F)
            codes = torch.cat(
                [
                    encoder.pose_codes(features),
                    encoder.pose_codes(encoder(from_levels(batch["shown"]))),
                ]
            )
            true = torch.cat([known.flatten(0, 1), known[:, 0]])
            found["pose"] = self._pose_error(codes, true)
        return found

    def pose_losses(self, network: PCAVSNetwork, batch: Batch) -> dict[str, Tensor]:
        """Return how far pose codes are from the factors of a head, whoever has it."""
        heads = from_levels(batch["heads"].flatten(0, 1))
        true = batch["factors"].repeat_interleave(batch["heads"].shape[1], dim=0)
        return {"pose": self._pose_error(network.pose_codes(heads), true)}

    def _pose_error(self, codes: Tensor, true: Tensor) -> Tensor:
        """Return how far the factors that are read from pose codes (B, P) are off."""
        return F.smooth_l1_loss(self.factor_head(codes).float(), true)

    def disentangling_losses(self, network: PCAVSNetwork, batch: Batch) -> dict[str, Tensor]:
        """Return how well poses tell who it is, and how far they are from telling nothing.

        The first teaches the head alone, the second the encoder alone: a game of two.
        """
        encoder = network.non_identity_encoder
        codes = self._joined(encoder.pose_codes(encoder(_moments(batch))))
        labels = batch["label"].repeat_interleave(len(codes) // len(batch["label"]))
        head = self.people_by_pose
        at_rest = {name: one.detach() for name, one in head.named_parameters()}
        return {
            "pose_people": F.cross_entropy(head(codes.detach()).float(), labels),
            "pose_uniform": uniformity(functional_call(head, at_rest, codes).float()),
        }

    def _joined(self, codes: Tensor) -> Tensor:
        """Return codes of moments (B * K * J, D) side by side for each part, (B * K, J * D)."""
        return rearrange(codes.float(), "(part j) d -> part (j d)", j=self.joined_frames)


def _moments(batch: Batch) -> Tensor:
    return from_levels(batch["moments"].flatten(0, 1))
