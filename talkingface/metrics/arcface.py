"""ArcFace (Deng et al. 2019): embeds an aligned face, whoever is alike lies near.

The residual networks of the paper's section 3.1 under the names of insightface's ``backbone.pth``
(weights for research only): units BN-Conv-BN-PReLU-Conv-BN, whose second convolution has the
stride, and BN-FC-BN at the end. The number of units is read from the weights: R50 has 3, 4, 14, 3,
R100 has 3, 13, 30, 3.
"""

from collections.abc import Sequence

import numpy as np
import torch
from einops import rearrange
from numpy.typing import NDArray
from torch import Tensor, nn

from talkingface.face.align.crop import AffineCrop
from talkingface.face.align.similarity import least_squares_similarity
from talkingface.face.points import LEFT_EYE, RIGHT_EYE
from talkingface.metrics.base import Networks, Reading, StateDict, View
from talkingface.metrics.published import load_published

FACE_PX = 112
NUM_FEATURES = 512
NOSE_TIP, LEFT_MOUTH_CORNER, RIGHT_MOUTH_CORNER = 30, 48, 54
TARGET = np.array(
    [
        [38.2946, 51.6963],  # left eye
        [73.5318, 51.5014],  # right eye
        [56.0252, 71.7366],  # nose tip
        [41.5493, 92.3655],  # left corner of the mouth
        [70.7299, 92.2041],  # right corner
    ]
)
EPSILON = 1e-5
FACES_AT_ONCE = 16


class ArcFace(nn.Module):
    """The network: aligned faces (B, 3, 112, 112), RGB in [-1, 1], to embeddings (B, 512)."""

    def __init__(self, num_units: Sequence[int]) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(64, eps=EPSILON)
        self.prelu = nn.PReLU(64)
        channels = (64, 64, 128, 256, 512)
        self.layer1, self.layer2, self.layer3, self.layer4 = (
            _stage(channels[i], channels[i + 1], num_units[i]) for i in range(4)
        )
        self.bn2 = nn.BatchNorm2d(512, eps=EPSILON)
        self.fc = nn.Linear(512 * 7 * 7, NUM_FEATURES)
        self.features = nn.BatchNorm1d(NUM_FEATURES, eps=EPSILON)

    def forward(self, faces: Tensor) -> Tensor:
        """Return the embeddings, of any length."""
        x = self.prelu(self.bn1(self.conv1(faces)))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        embeddings: Tensor = self.features(self.fc(self.bn2(x).flatten(1)))
        return embeddings


class Unit(nn.Module):
    """An improved residual unit."""

    def __init__(self, channels: int, features: int, stride: int) -> None:
        super().__init__()
        self.bn1 = nn.BatchNorm2d(channels, eps=EPSILON)
        self.conv1 = nn.Conv2d(channels, features, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(features, eps=EPSILON)
        self.prelu = nn.PReLU(features)
        self.conv2 = nn.Conv2d(features, features, 3, stride, padding=1, bias=False)
        self.bn3 = nn.BatchNorm2d(features, eps=EPSILON)
        self.downsample: nn.Module | None = None
        if stride != 1 or channels != features:
            self.downsample = nn.Sequential(
                nn.Conv2d(channels, features, 1, stride, bias=False),
                nn.BatchNorm2d(features, eps=EPSILON),
            )

    def forward(self, x: Tensor) -> Tensor:
        """Return the input and what is added to it."""
        added = self.prelu(self.bn2(self.conv1(self.bn1(x))))
        kept = x if self.downsample is None else self.downsample(x)
        result: Tensor = self.bn3(self.conv2(added)) + kept
        return result


class IdentityEmbedder:
    """The embeddings of the faces in a view, each face aligned by its landmarks."""

    def __init__(self, network: ArcFace) -> None:
        self._network = network

    @classmethod
    def shared(cls, networks: Networks, name: str) -> "IdentityEmbedder":
        """Return the one made from the weights called `name`, for every metric that asks."""
        return networks.once(
            (cls, name), lambda: cls.from_weights(networks.files[name], networks.device)
        )

    @classmethod
    def from_weights(cls, weights: StateDict, device: str = "cpu") -> "IdentityEmbedder":
        """Return the embedder for an ArcFace of any depth."""
        network = load_published(ArcFace(units_in(weights)), weights, "ArcFace")
        return cls(network.to(device))

    def __call__(self, view: View) -> Reading:
        """Return the embeddings (T, 512) of the frames, nan where no face was found."""
        return view.once((type(self), id(self)), lambda: self._embedded(view))

    def _embedded(self, view: View) -> Reading:
        landmarks = view.read("landmarks")
        embeddings = np.full((len(landmarks), NUM_FEATURES), np.nan)
        found = np.flatnonzero(np.isfinite(landmarks).all(axis=(1, 2)))
        for start in range(0, len(found), FACES_AT_ONCE):
            few = found[start : start + FACES_AT_ONCE]
            faces = [face_crop(landmarks[i]).cut(view.frames[i]) for i in few]
            embeddings[few] = self._of_faces(np.stack(faces))
        return embeddings

    @torch.inference_mode()
    def _of_faces(self, faces: NDArray[np.uint8]) -> NDArray[np.float64]:
        device = next(self._network.parameters()).device
        levels = rearrange(torch.from_numpy(faces).to(device).float(), "t h w c -> t c h w")
        embeddings: NDArray[np.float64] = self._network(levels / 127.5 - 1).double().cpu().numpy()
        return embeddings


def face_crop(landmarks: NDArray[np.float64]) -> AffineCrop:
    """Return the aligned view of 112 px of the face with these landmarks (68, 2)."""
    return AffineCrop(least_squares_similarity(five_points(landmarks), TARGET), FACE_PX)


def five_points(landmarks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the middles of the eyes, the nose tip and the corners of the mouth, (5, 2)."""
    eyes = [landmarks[eye].mean(axis=0) for eye in (LEFT_EYE, RIGHT_EYE)]
    others = landmarks[[NOSE_TIP, LEFT_MOUTH_CORNER, RIGHT_MOUTH_CORNER]]
    return np.concatenate([eyes, others])


def units_in(weights: StateDict) -> list[int]:
    """Return how many units each stage of the network with these weights has."""
    return [
        len({name.split(".")[1] for name in weights if name.startswith(f"layer{stage}.")})
        for stage in (1, 2, 3, 4)
    ]


def _stage(channels: int, features: int, num_units: int) -> nn.Sequential:
    first = Unit(channels, features, stride=2)
    return nn.Sequential(first, *(Unit(features, features, 1) for _ in range(num_units - 1)))
