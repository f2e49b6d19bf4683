"""The network that reads drawn faces: a trunk for the whole picture, another for the eyes.

Blinks and glances move a few pixels of the picture. The trunk loses them, so the eyes are cut out
at the landmarks that the trunk has found, level and at one scale, and read by themselves. All of it
is differentiable with respect to the picture, so the network can also be a loss.
"""

from typing import Final, NamedTuple

import torch
from einops import rearrange
from torch import Tensor, nn
from torch.nn import functional as F

from talkingface.face.points import NUM_POINTS

PICTURE_PX: Final = 112
EMOTION_NAMES: Final = ("brow", "happy", "sad", "angry", "surprised")
EYE_PATCH_PX: Final = (32, 80)  # height, width of the strip with both eyes
EYE_STRIP_WIDTH: Final = 1.3  # in distances of the outer corners of the eyes
OUTER_CORNERS: Final = (36, 45)
EYE_CORNERS: Final = (36, 39, 42, 45)

# One unit of the last layer, about the spread of what it stands for.
LANDMARK_UNIT_PX: Final = 8.0
POSE_UNIT_RADIANS: Final = 0.2
OPENING_UNIT_PX: Final = 4.0
EMOTION_UNIT: Final = 0.4
WHOLE_FACE_SIZES: Final = (NUM_POINTS * 3, 3, 1, len(EMOTION_NAMES), 1)


class FaceValues(NamedTuple):
    """What is read of each of B faces, or true of it."""

    landmarks: Tensor  # (B, 68, 3) in px of a picture of 112: right, down, towards the viewer
    pose: Tensor  # (B, 3) yaw, pitch, roll in radians
    mouth_opening: Tensor  # (B,) px between the inner lips, down the face
    emotion: Tensor  # (B, 5) strengths, as EMOTION_NAMES
    blink: Tensor  # (B,) 0 open, 1 closed
    gaze: Tensor  # (B, 2) -1 to 1, right and down, against the head
    presence: Tensor  # (B,) whether there is a face: a logit where it is read, 0 or 1 where true


class ReaderNetwork(nn.Module):
    """Reads pictures (B, 3, 112, 112) of one drawn face each, RGB in [-1, 1].

    Args:
        width: channels of the first layer; all others follow.
    """

    def __init__(self, width: int = 16) -> None:
        super().__init__()
        self.width = width
        self.trunk = nn.Sequential(
            _convolution(3, width, kernel=5, stride=2),  # 56 px
            ResidualBlock(width, 2 * width, stride=2),  # 28 px
            ResidualBlock(2 * width, 4 * width, stride=2),  # 14 px
            ResidualBlock(4 * width, 4 * width, stride=1),
            ResidualBlock(4 * width, 6 * width, stride=2),  # 7 px
            ResidualBlock(6 * width, 6 * width, stride=1),
        )
        # Each cell of the map is weighed by itself: where things are is what is asked for.
        self.face = nn.Sequential(
            _convolution(6 * width, 2 * width, kernel=1, stride=1),
            nn.Flatten(),
            nn.Linear(2 * width * 7 * 7, 12 * width),
            nn.ReLU(),
            nn.Linear(12 * width, sum(WHOLE_FACE_SIZES)),
        )
        self.eyes = nn.Sequential(
            _convolution(3, width, kernel=3, stride=1),  # 32 x 80 px
            _convolution(width, 2 * width, kernel=3, stride=2),
            _convolution(2 * width, 3 * width, kernel=3, stride=2),
            _convolution(3 * width, 4 * width, kernel=3, stride=2),  # 4 x 10 px
            nn.Flatten(),
        )
        self.look = nn.Sequential(
            nn.Linear(4 * width * 4 * 10 + 3, 6 * width), nn.ReLU(), nn.Linear(6 * width, 3)
        )

    def forward(self, pictures: Tensor) -> FaceValues:
        """Return what is seen in pictures (B, 3, 112, 112)."""
        seen = self.face(self.trunk(pictures)).float()
        landmarks, pose, opening, emotion, presence = seen.split(WHOLE_FACE_SIZES, dim=1)
        points = LANDMARK_UNIT_PX * landmarks.unflatten(1, (NUM_POINTS, 3))
        # Where the lids and the iris stand tells the gaze only together with the pose.
        around = torch.cat([self.eyes(eye_strips(pictures, points.detach())), pose.detach()], dim=1)
        blink, gaze = self.look(around).float().split((1, 2), dim=1)
        return FaceValues(
            landmarks=points,
            pose=POSE_UNIT_RADIANS * pose,
            mouth_opening=OPENING_UNIT_PX * opening.squeeze(1),
            emotion=EMOTION_UNIT * emotion,
            blink=blink.squeeze(1),
            gaze=gaze,
            presence=presence.squeeze(1),
        )

    @torch.no_grad()
    def start_from(self, landmarks: Tensor) -> None:
        """Let the untrained network see the face (68, 3) in every picture; the eyes lie there."""
        last = self.face[-1]
        assert isinstance(last, nn.Linear)
        last.bias[: landmarks.numel()] = landmarks.flatten() / LANDMARK_UNIT_PX


class ResidualBlock(nn.Module):
    """Two convolutions beside a short cut."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.first = _convolution(inputs, outputs, kernel=3, stride=stride)
        self.second = nn.Sequential(
            nn.Conv2d(outputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs)
        )
        self.short_cut = (
            nn.Identity()
            if stride == 1 and inputs == outputs
            else nn.Sequential(nn.AvgPool2d(stride), nn.Conv2d(inputs, outputs, 1))
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, outputs, H / stride, W / stride)."""
        return F.relu(self.short_cut(x) + self.second(self.first(x)))


def as_input(pictures: Tensor) -> Tensor:
    """Return pictures (B, H, W, 3) of 0..255 as the network takes them: (B, 3, H, W) in [-1, 1]."""
    return rearrange(pictures, "b h w c -> b c h w").float() / 127.5 - 1


def eye_strips(pictures: Tensor, landmarks: Tensor) -> Tensor:
    """Return the strip with both eyes (B, 3, 32, 80) of each picture (B, 3, S, S).

    Its middle is between the eyes and its sides lie along them. Its width goes by their distance in
    space, which does not change when the head turns.

    Args:
        pictures: of S px.
        landmarks: (B, 68, 3) in pixels of the pictures.
    """
    height, width = EYE_PATCH_PX
    left, right = (landmarks[:, corner] for corner in OUTER_CORNERS)
    half_width = EYE_STRIP_WIDTH / 2 * (right - left).norm(dim=1, keepdim=True)  # (B, 1)
    along = F.normalize((right - left)[:, :2], dim=1)
    down = torch.stack([-along[:, 1], along[:, 0]], dim=1)
    middle = landmarks[:, EYE_CORNERS, :2].mean(dim=1)
    per_px = 2 / pictures.shape[-1]  # a picture is 2 wide to `affine_grid`, its edges at -1 and 1
    columns = (
        per_px * half_width * along,
        per_px * half_width * height / width * down,
        per_px * (middle + 0.5) - 1,
    )
    size = [len(pictures), pictures.shape[1], height, width]
    grid = F.affine_grid(torch.stack(columns, dim=2), size, align_corners=False)
    return F.grid_sample(pictures, grid.to(pictures.dtype), align_corners=False)


def _convolution(inputs: int, outputs: int, kernel: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, padding=kernel // 2, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )
