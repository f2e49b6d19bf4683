"""The networks of PD-FGC joined: appearance and the factors of motion become a style, then a face.

D. Wang et al., *Progressive Disentangled Representation Learning for Fine-Grained Controllable
Talking Head Synthesis*, CVPR 2023, section 3 and figure 2. The authors' program is CC-BY-4.0.
Differences: the lips that are seen can be followed, where theirs throws them away; noise is given,
not drawn once for the life of the process.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

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

    def draw(
        self, appearance: Identity, motion: Tensor, noise: Sequence[Tensor] | None = None
    ) -> Tensor:
        """Return pictures (B, 3, H, W) in [-1, 1].

        Args:
            appearance: of the one person in all pictures, or of each.
            motion: (B, M), see `Factors.joined`.
            noise: see `StyleGenerator.draw_noise`; the same for all frames does not flicker.
        """
        style = torch.cat([appearance.vector.expand(len(motion), -1), motion], dim=1)
        pictures: Tensor = self.generator(style, appearance.start, noise)
        return pictures
