"""The networks of PC-AVS joined: identity, mouth and pose become a style, the style a picture.

H. Zhou et al., *Pose-Controllable Talking Face Generation by Implicitly Modularized Audio-Visual
Representation*, CVPR 2021, section 3.3 and figure 2. The authors' program is CC-BY-4.0.
Speech2Talking-Face is the same with another identity encoder and a generator that has a start map
of its own. Differences:

- the identity is encoded once, not for every frame, and the generator runs once for a frame; the
  original also drew every frame in the portrait's pose and threw it away;
- a head that keeps the pose of its portraits works (`resting_pose_code`); there it crashed.
"""

from collections.abc import Sequence

import torch
from einops import rearrange, reduce
from torch import Tensor, nn

from talkingface.models.pc_avs.non_identity_encoder import NonIdentityEncoder
from talkingface.models.pc_avs.speech_encoder import SpeechEncoder
from talkingface.models.pc_avs.voice_identity_encoder import VoiceIdentityEncoder
from talkingface.nn.identity_encoder import Identity, IdentityEncoder
from talkingface.nn.style_generator import StyleGenerator

MOUTH_GAIN = 1.2  # of features that were heard; a constant of the published program


class PCAVSNetwork(nn.Module):
    """Draws a person who speaks, in a pose that a video gives."""

    def __init__(
        self,
        identity_encoder: IdentityEncoder | VoiceIdentityEncoder,
        speech_encoder: SpeechEncoder,
        non_identity_encoder: NonIdentityEncoder,
        generator: StyleGenerator,
        mouth_gain: float = MOUTH_GAIN,
    ) -> None:
        super().__init__()
        self.identity_encoder = identity_encoder
        self.speech_encoder = speech_encoder
        self.non_identity_encoder = non_identity_encoder
        self.generator = generator
        self.mouth_gain = mouth_gain

    def identify(self, evidence: Tensor) -> Identity:
        """Return who is in portraits (B, R, 3, H, W) or in windows of speech (B, W, rows, 80)."""
        identity: Identity = self.identity_encoder(evidence)
        return identity

    def mouth_codes(self, mels: Tensor) -> Tensor:
        """Return what the mouth does in mel windows (B, bands, 20), as (B, M)."""
        heard = self.speech_encoder(mels) * self.mouth_gain
        return self.non_identity_encoder.mouth_codes(heard)

    def pose_codes(self, pictures: Tensor) -> Tensor:
        """Return the pose of the head in each of the pictures (B, 3, H, W), as (B, P)."""
        return self.non_identity_encoder.pose_codes(self.non_identity_encoder(pictures))

    def resting_pose_code(self, references: Tensor) -> Tensor:
        """Return the mean pose of each person's portraits (B, R, 3, H, W), as (B, P)."""
        pictures = rearrange(references, "b r c h w -> (b r) c h w")
        features = self.non_identity_encoder(pictures)
        mean = reduce(features, "(b r) d -> b d", "mean", b=references.shape[0])
        return self.non_identity_encoder.pose_codes(mean)

    def draw(
        self,
        identity: Identity,
        mouth_codes: Tensor,
        pose_codes: Tensor,
        noise: Sequence[Tensor] | None = None,
    ) -> Tensor:
        """Return pictures (B, 3, H, W) in [-1, 1].

        Args:
            identity: of the one person in all pictures, or of each.
            mouth_codes: (B, M).
            pose_codes: (B, P).
            noise: see `StyleGenerator.draw_noise`; the same for all frames does not flicker.
        """
        pictures: Tensor = self.generator(
            style_of(identity, mouth_codes, pose_codes), identity.start, noise
        )
        return pictures


def style_of(identity: Identity, mouth_codes: Tensor, pose_codes: Tensor) -> Tensor:
    """Return the style (B, D + M + P): identity, mouth and pose side by side."""
    vector = identity.vector.expand(len(mouth_codes), -1)
    return torch.cat([vector, mouth_codes, pose_codes], dim=1)
