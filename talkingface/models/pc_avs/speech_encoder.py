"""The speech content encoder of PC-AVS (netA_sync): what the mouth says.

H. Zhou et al., CVPR 2021, section 3.2 (*Modularization of Audio-Visual Representations*). The
authors' program is CC-BY-4.0. Difference: scores exist only where the network is trained.
"""

from collections.abc import Sequence

from torch import Tensor, nn

from talkingface.nn.speech_resnet import SpeechResNet


class SpeechEncoder(nn.Module):
    """Hears what the mouth does in the fifth of a second around a frame.

    Args:
        bands: mel bands of a window.
        features: length of the mouth feature.
        channels: width of the first stage.
        depths: blocks in each stage.
        num_classes: words to tell apart in training; none for a network that only generates.
    """

    def __init__(
        self,
        bands: int = 80,
        features: int = 512,
        channels: int = 32,
        depths: Sequence[int] = (3, 4, 6, 3),
        num_classes: int | None = None,
    ) -> None:
        super().__init__()
        self.model = SpeechResNet(bands, features, channels, depths)
        self.fc = nn.Linear(features, num_classes) if num_classes else None

    def forward(self, mels: Tensor) -> Tensor:
        """Map mel windows (B, bands, 20) to mouth features (B, features)."""
        features: Tensor = self.model(mels)
        return features

    def scores(self, features: Tensor) -> Tensor:
        """Return how much each feature (B, features) sounds like each class, (B, N)."""
        assert self.fc is not None, "this network was built without classes"
        scores: Tensor = self.fc(features)
        return scores
