"""The identity encoder of Speech2Talking-Face (netA): who is to be heard.

Y. Sun et al., *Speech2Talking-Face: Inferring and Driving a Face with Synchronized Audio-Visual
Representation*, IJCAI 2021. The authors' program is a branch of PC-AVS, CC-BY-4.0. Differences:
several windows of a clip can be averaged, and class scores exist only where the network is trained.

A window is laid time first, so the attention pools mel bands, not time, and its length is fixed by
the weights. What comes out is a plausible face for a voice, never a likeness of the speaker.
"""

from collections.abc import Sequence

from einops import rearrange, reduce
from torch import Tensor, nn

from talkingface.nn.identity_encoder import Identity
from talkingface.nn.speech_resnet import SpeechResNet


class VoiceIdentityEncoder(nn.Module):
    """Hears a person in one or more windows of speech.

    Args:
        rows: time steps of 10 ms in a window.
        features: length of the identity vector.
        channels: width of the first stage.
        depths: blocks in each stage.
        num_classes: people to tell apart in training; none for a network that only generates.
    """

    def __init__(
        self,
        rows: int = 320,
        features: int = 2048,
        channels: int = 32,
        depths: Sequence[int] = (3, 4, 6, 3),
        num_classes: int | None = None,
    ) -> None:
        super().__init__()
        self.model = SpeechResNet(rows, features, channels, depths)
        self.fc = nn.Linear(features, num_classes) if num_classes else None

    def forward(self, windows: Tensor) -> Identity:
        """Return the identity of mel windows (B, W, rows, 80), averaged over the W of each clip."""
        vectors = self.model(rearrange(windows, "b w rows bands -> (b w) rows bands"))
        return Identity(reduce(vectors, "(b w) d -> b d", "mean", b=windows.shape[0]), start=None)

    def scores(self, vector: Tensor) -> Tensor:
        """Return how much each vector (B, D) sounds like each person of training, (B, N)."""
        assert self.fc is not None, "this network was built without classes"
        scores: Tensor = self.fc(vector)
        return scores
