"""ResNet-SE with attentive pooling, which reads speech in PC-AVS, its variant, and PD-FGC.

After the speaker encoder of J. S. Chung et al., *In defence of metric learning for speaker
recognition*, Interspeech 2020: a ResNet-34 of a quarter of the width with squeeze and excitation,
rectified *before* it is normalised. Names of parameters are those of the published checkpoints.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import torch.nn.functional as F
from einops import rearrange
from torch import Tensor, nn

from talkingface.nn.shortcut import shortcut

SQUEEZE = 8  # channels are squeezed to an eighth
ATTENTION_WIDTH = 128


class SqueezeExcitation(nn.Module):
    """Weighs channels by what all of them hold on average."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        squeezed = channels // SQUEEZE
        self.fc = nn.Sequential(
            nn.Linear(channels, squeezed),
            nn.ReLU(),
            nn.Linear(squeezed, channels),
            nn.Sigmoid(),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Weigh x (B, C, H, W)."""
        weights: Tensor = self.fc(x.mean(dim=(2, 3)))
        return x * weights[:, :, None, None].to(x.dtype)


class Block(nn.Module):
    """Two 3x3 convolutions, squeeze and excitation, and a shortcut."""

    folds: ClassVar[Mapping[str, str]] = {"conv2": "bn2"}

    def __init__(self, in_channels: int, out_channels: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.se = SqueezeExcitation(out_channels)
        self.downsample = shortcut(in_channels, out_channels, stride)

    def forward(self, x: Tensor) -> Tensor:
        """Map x (B, in, H, W) to (B, out, H / stride, W / stride)."""
        residual = self.bn1(F.relu(self.conv1(x)))
        residual = self.se(self.bn2(self.conv2(residual)))
        return F.relu(residual + self.downsample(x))


class SpeechResNet(nn.Module):
    """Turns a window of a spectrogram into one vector.

    Whichever axis comes first is kept, in eighths, as features; the second is pooled by attention.

    Args:
        rows: length of the window's first axis, 80 bands or a number of time steps.
        out_features: length of the vector.
        channels: width of the first stage; each stage has twice as many.
        depths: blocks in each stage.
    """

    def __init__(
        self,
        rows: int,
        out_features: int,
        channels: int = 32,
        depths: Sequence[int] = (3, 4, 6, 3),
    ) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, channels, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(channels)
        width = channels
        for stage, depth in enumerate(depths):
            out = channels * 2**stage
            blocks = [Block(width, out, stride=1 if stage == 0 else 2)]
            blocks += [Block(out, out, stride=1) for _ in range(depth - 1)]
            self.add_module(f"layer{stage + 1}", nn.Sequential(*blocks))
            width = out
        self.num_stages = len(depths)
        folded = width * -(-rows // 2 ** (self.num_stages - 1))
        self.attention = nn.Sequential(
            nn.Conv1d(folded, ATTENTION_WIDTH, 1),
            nn.ReLU(),
            nn.BatchNorm1d(ATTENTION_WIDTH),
            nn.Conv1d(ATTENTION_WIDTH, folded, 1),
            nn.Softmax(dim=2),
        )
        self.fc = nn.Linear(folded, out_features)

    def forward(self, windows: Tensor) -> Tensor:
        """Map windows (B, rows, columns) to vectors (B, out_features)."""
        x = self.bn1(F.relu(self.conv1(windows.unsqueeze(1))))
        for stage in range(1, self.num_stages + 1):
            x = self.get_submodule(f"layer{stage}")(x)
        x = rearrange(x, "b c rows columns -> b (c rows) columns")
        pooled = (x * self.attention(x)).sum(dim=2)
        vectors: Tensor = self.fc(pooled)
        return vectors
