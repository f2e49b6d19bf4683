"""The motion encoder of PD-FGC: what a face does, split into lips, emotion, eyes and head pose.

D. Wang et al., *Progressive Disentangled Representation Learning for Fine-Grained Controllable
Talking Head Synthesis*, CVPR 2023, sections 3.1 to 3.3. The authors' program is CC-BY-4.0. Its
names of parameters are kept, but for those of the trunk.
"""

import hashlib
from typing import cast

import torch
from torch import Tensor, nn

from talkingface.models.pd_fgc.factors import EYE_WIDTH, POSE_WIDTH
from talkingface.nn.face_alignment_network import FaceAlignmentNetwork


class MotionEncoder(nn.Module):
    """Sees all that moves in a face, and reads each factor from it.

    Args:
        picture_size: side of the pictures in pixels.
        features: length of the trunk's feature and of the lip feature.
        lip_width: length of the lip code.
        emotion_width: length of the emotion code. Codes are short, so that nothing else fits in.
        channels: width of the trunk's stem.
        dropout: of the trunk, in training.
    """

    def __init__(
        self,
        picture_size: int = 224,
        features: int = 512,
        lip_width: int = 500,
        emotion_width: int = 30,
        channels: int = 64,
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        self._digest: bytes | None = None
        self.emotion_width = emotion_width
        self.model = FaceAlignmentNetwork(picture_size, features, channels, dropout=dropout)
        # All that is seen goes through one rectified map. Where that falls below zero for good,
        # nothing is ever learnt again; at the usual start it is half dead, and died in 40 steps.
        nn.init.ones_(cast(Tensor, self.model.shrink.bias))
        self.to_mouth, self.mouth_embed = _head(features), _embedding(features, lip_width)
        self.to_headpose, self.headpose_embed = _head(features), _embedding(features, POSE_WIDTH)
        self.to_eye, self.eye_embed = _head(features), _embedding(features, EYE_WIDTH)
        self.to_emo, self.emo_embed = _head(features), _embedding(features, emotion_width)

    def forward(self, pictures: Tensor) -> Tensor:
        """Map pictures (B, 3, H, W) to features (B, features) of everything that moves."""
        features: Tensor = self.model(pictures)
        return features

    def folded(self) -> "MotionEncoder":
        """Return itself; the weights that it was trained with are known by their digest then."""
        self._digest = self.digest()
        return self

    def digest(self) -> bytes:
        """Return the SHA-256 of the weights: codes mean something to these alone."""
        if self._digest is not None:
            return self._digest
        digest = hashlib.sha256()
        for tensor in self.state_dict().values():
            digest.update(tensor.cpu().numpy().tobytes())
        return digest.digest()

    def motion(self, features: Tensor) -> Tensor:
        """Return all factors of features (B, features) side by side, (B, M), see `factors`."""
        codes = (
            self.lip_codes(self.lip_features(features)),
            self.emotion_codes(features),
            self.eye_codes(features),
            self.pose_codes(features),
        )
        return torch.cat(codes, dim=1)

    def lip_features(self, features: Tensor) -> Tensor:
        """Return the lip features (B, features) that are seen; those that are heard match them."""
        lips: Tensor = self.to_mouth(features)
        return lips

    def lip_codes(self, lip_features: Tensor) -> Tensor:
        """Return what lips are seen to do by lip features (B, features): (B, lip_width)."""
        codes: Tensor = self.mouth_embed(lip_features)
        return codes

    def emotion_codes(self, features: Tensor) -> Tensor:
        """Return the expression, (B, emotion_width)."""
        codes: Tensor = self.emo_embed(self.to_emo(features))
        return codes

    def eye_codes(self, features: Tensor) -> Tensor:
        """Return how far the eyes are open and where they look, (B, 6)."""
        codes: Tensor = self.eye_embed(self.to_eye(features))
        return codes

    def pose_codes(self, features: Tensor) -> Tensor:
        """Return how the head is held, (B, 6)."""
        codes: Tensor = self.headpose_embed(self.to_headpose(features))
        return codes


def _head(features: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(features, features),
        nn.ReLU(),
        nn.BatchNorm1d(features),
        nn.Linear(features, features),
    )


def _embedding(features: int, width: int) -> nn.Sequential:
    return nn.Sequential(nn.ReLU(), nn.Linear(features, width))
