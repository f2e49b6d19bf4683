"""The audio encoder of PD-FGC: what the lips do, heard.

D. Wang et al., CVPR 2023, section 3.2; the network is that of PC-AVS with an embedding behind it.
The authors' program is CC-BY-4.0.
"""

from collections.abc import Sequence

from torch import Tensor, nn

from talkingface.nn.speech_resnet import SpeechResNet


class SpeechEncoder(nn.Module):
    """Hears what the lips do in the fifth of a second around a frame.

    Args:
        bands: mel bands of a window.
        features: length of the lip feature.
        lip_width: length of the lip code.
        channels: width of the first stage.
        depths: blocks in each stage.
    """

    def __init__(
        self,
        bands: int = 80,
        features: int = 512,
        lip_width: int = 500,
        channels: int = 32,
        depths: Sequence[int] = (3, 4, 6, 3),
    ) -> None:
        super().__init__()
        self.model = SpeechResNet(bands, features, channels, depths)
        self.mouth_embed = nn.Sequential(nn.ReLU(), nn.Linear(features, lip_width))

    def forward(self, mels: Tensor) -> Tensor:
        """Map mel windows (B, bands, 20) to lip features (B, features)."""
        features: Tensor = self.model(mels)
        return features

    def lip_codes(self, features: Tensor) -> Tensor:
        """Return the lips' part of the style from lip features (B, features): (B, lip_width)."""
        codes: Tensor = self.mouth_embed(features)
        return codes
