"""The non-identity encoder of PC-AVS (netE): how a face is posed and what its mouth does.

H. Zhou et al., *Pose-Controllable Talking Face Generation by Implicitly Modularized Audio-Visual
Representation*, CVPR 2021, sections 3.1 to 3.3. The authors' program is CC-BY-4.0. Differences: the
parts of the trunk are named by what they are, and the heads that only training has (`classifier`,
`mouth_fc`, `headpose_fc`) exist only where the network is trained.
"""

from torch import Tensor, nn

from talkingface.nn.face_alignment_network import FaceAlignmentNetwork


class NonIdentityEncoder(nn.Module):
    """Sees everything but who it is, and splits it into a mouth space and a pose space.

    The mouth space is shared with speech: `mouth_codes` takes features that were seen or heard.

    Args:
        picture_size: side of the pictures in pixels.
        features: length of the trunk's feature and of the mouth feature.
        mouth_width: length of the mouth code.
        pose_width: length of the pose code. 12 numbers can hold a rotation, a shift and a scale,
            and no more: that is what keeps identity out.
        channels: width of the trunk's stem.
        dropout: of the trunk, in training.
        num_classes: classes of the training heads; none for a network that only generates.
        clip_length: frames that the training heads judge together.
    """

    def __init__(
        self,
        picture_size: int = 224,
        features: int = 512,
        mouth_width: int = 500,
        pose_width: int = 12,
        channels: int = 64,
        dropout: float = 0.5,
        num_classes: int | None = None,
        clip_length: int = 1,
    ) -> None:
        super().__init__()
        self.model = FaceAlignmentNetwork(picture_size, features, channels, dropout=dropout)
        self.to_mouth = _two_layers(features, features)
        self.mouth_embed = nn.Sequential(nn.ReLU(), nn.Linear(features, mouth_width))
        self.to_headpose = _two_layers(features, features)
        self.headpose_embed = nn.Sequential(nn.ReLU(), nn.Linear(features, pose_width))
        if num_classes:
            self.classifier = _two_layers(features, num_classes)
            self.mouth_fc = nn.Sequential(nn.ReLU(), nn.Linear(features * clip_length, num_classes))
            self.headpose_fc = nn.Sequential(
                nn.ReLU(), nn.Linear(pose_width * clip_length, num_classes)
            )

    def forward(self, pictures: Tensor) -> Tensor:
        """Map pictures (B, 3, H, W) to features (B, features) of all but the identity."""
        features: Tensor = self.model(pictures)
        return features

    def mouth_features(self, features: Tensor) -> Tensor:
        """Return the mouth features (B, features) that are seen; speech has them too."""
        mouth: Tensor = self.to_mouth(features)
        return mouth

    def mouth_codes(self, mouth_features: Tensor) -> Tensor:
        """Return the mouth's part of the style, (B, mouth_width)."""
        codes: Tensor = self.mouth_embed(mouth_features)
        return codes

    def pose_codes(self, features: Tensor) -> Tensor:
        """Return the pose's part of the style, (B, pose_width)."""
        codes: Tensor = self.headpose_embed(self.to_headpose(features))
        return codes


def _two_layers(in_features: int, out_features: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(in_features, in_features), nn.ReLU(), nn.Linear(in_features, out_features)
    )
