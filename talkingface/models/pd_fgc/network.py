"""The networks of PD-FGC joined: appearance and the factors of motion become a style, then a face.

D. Wang et al., *Progressive Disentangled Representation Learning for Fine-Grained Controllable
Talking Head Synthesis*, CVPR 2023, section 3 and figure 2. The authors' program is CC-BY-4.0.
Differences: the lips that are seen can be followed, where theirs throws them away; noise is given,
not drawn once for the life of the process.
"""

from collections.abc import Sequence

import torch
from einops import rearrange
from torch import Tensor, nn

from talkingface.models.pd_fgc.factors import smoothed_lips
from talkingface.models.pd_fgc.motion_encoder import MotionEncoder
from talkingface.models.pd_fgc.speech_encoder import SpeechEncoder
from talkingface.nn.identity_encoder import Identity, IdentityEncoder
from talkingface.nn.style_generator import StyleGenerator


class PDFGCNetwork(nn.Module):
    """Draws a person whose lips, pose, eyes and emotion are each given."""

    def __init__(
        self,
        appearance_encoder: IdentityEncoder,
        motion_encoder: MotionEncoder,
        speech_encoder: SpeechEncoder,
        generator: StyleGenerator,
    ) -> None:
        super().__init__()
        self.appearance_encoder = appearance_encoder
        self.motion_encoder = motion_encoder
        self.speech_encoder = speech_encoder
        self.generator = generator

    def lip_codes(self, mels: Tensor) -> Tensor:
        """Return what the lips do in mel windows (B, bands, 20), as (B, lip_width)."""
        return self.speech_encoder.lip_codes(self.speech_encoder(mels))

    def smoothed_lip_codes(self, mels: Tensor) -> Tensor:
        """Return the lips in windows around three frames (B, 3, bands, 20), as generation does."""
        codes = self.lip_codes(mels.flatten(0, 1))
        return smoothed_lips(rearrange(codes, "(b t) d -> t b d", b=len(mels)))[0]

    def draw(
        self, appearance: Identity, motion: Tensor, noise: Sequence[Tensor] | None = None
    ) -> Tensor:
        """Return pictures (B, 3, H, W) in [-1, 1].

        Args:
            appearance: of the one person in all pictures, or of each.
            motion: (B, M), see `factors`.
            noise: see `StyleGenerator.draw_noise`; the same for all frames does not flicker.
        """
        pictures: Tensor = self.generator(style_of(appearance, motion), appearance.start, noise)
        return pictures


def style_of(appearance: Identity, motion: Tensor) -> Tensor:
    """Return the style (B, D + M): the appearance, and the motion (B, M) beside it."""
    return torch.cat([appearance.vector.expand(len(motion), -1), motion], dim=1)
