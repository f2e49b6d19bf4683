"""Head motion from speech: how the head has moved, and what is said, give how it moves on.

Paper: arXiv:2007.08547, section 3.2 (head motion learner). Motion is six numbers a frame, rotation
vector and translation, normalised (`motion_series`); speech is one window of samples a frame.
Differences: history and future may have any length at each call; windows of samples go through
the convolutions of all frames at once.
"""

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor, nn

from talkingface.models.rhythmic_head_motion.blocks import in_parts
from talkingface.nn.precision import KeepsDigits

MOTION_SIZE = 6  # rotation vector and translation
FRAMES_AT_ONCE = 32  # that are heard together, for the memory


class TimeConv(nn.Conv1d):
    """A convolution over time that reads its filters where they lie.

    On a CPU torch would first rearrange them, in every call: of those that hear speech, 190 MB.
    Where one learns there are many series, whose windows would be larger still.
    """

    def forward(self, series: Tensor) -> Tensor:
        """Map (B, C, T) to (B, D, T')."""
        if self.training:
            return super().forward(series)
        assert not isinstance(self.padding, str), "ours say how many frames"
        (size,), (stride,), (padding,) = self.kernel_size, self.stride, self.padding
        windows = F.pad(series, (padding, padding)).unfold(2, size, stride).transpose(1, 2)
        parts = torch.split(windows, FRAMES_AT_ONCE, dim=1)  # (B, t, C, K)
        filters = self.weight.flatten(1)  # (D, C * K)
        made = torch.cat([F.linear(one.flatten(2), filters, self.bias) for one in parts], dim=1)
        return made.mT


class TimeBlock(nn.Module):
    """Convolution over time, batch norm, activation, dropout."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        *,
        stride: int = 1,
        padding: int = 0,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.conv = TimeConv(in_channels, out_channels, kernel_size, stride, padding)
        self.norm = nn.BatchNorm1d(out_channels)
        self.dropout = nn.Dropout(dropout)

    def forward(self, series: Tensor) -> Tensor:
        """Map (B, C, T) to (B, D, T')."""
        dropped: Tensor = self.dropout(_activate(self.norm(self.conv(series))))
        return dropped


class SpeechEncoder(nn.Module):
    """Looks at windows of raw samples as at small pictures, then over time."""

    def __init__(
        self,
        window_shape: tuple[int, int] = (7, 640),
        conv_channels: tuple[int, int] = (8, 16),
        hidden_size: int = 512,
        out_size: int = 256,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        height, width = (side - 4 for side in window_shape)  # two convolutions without padding
        self.conv_0 = nn.Conv2d(1, conv_channels[0], 3)
        self.conv_1 = nn.Conv2d(conv_channels[0], conv_channels[1], 3)
        flat_size = conv_channels[1] * height * width
        self.over_time = nn.Sequential(
            TimeBlock(flat_size, hidden_size, 3, padding=1, dropout=dropout),
            TimeBlock(hidden_size, out_size, 3, padding=1),
        )

    def forward(self, windows: Tensor) -> Tensor:
        """Map windows (B, T, W, S), S samples in each of W pieces, to features (B, T, D)."""
        frames = rearrange(windows, "b t w s -> (b t) 1 w s")
        flat = torch.cat(
            [self._flat(one) for one in in_parts(frames, self.training, FRAMES_AT_ONCE)]
        )
        series: Tensor = self.over_time(rearrange(flat, "(b t) d -> b d t", b=len(windows)))
        return rearrange(series, "b d t -> b t d")

    def _flat(self, windows: Tensor) -> Tensor:
        """Map windows (N, 1, W, S) to numbers (N, D)."""
        pieces: Tensor = self.conv_1(self.conv_0(windows).relu())
        return pieces.flatten(1)  # the original has one ReLU, between the two


class MotionEncoder(nn.Module):
    """Sums up how the head moved while something was said."""

    def __init__(
        self,
        speech_size: int = 256,
        hidden_size: int = 128,
        motion_size: int = 256,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.first = nn.Linear(MOTION_SIZE, hidden_size)
        self.norm = nn.BatchNorm1d(hidden_size)
        self.second = nn.Linear(hidden_size, motion_size)
        size = motion_size + speech_size
        self.over_time = nn.Sequential(
            *(TimeBlock(size, size, 5, stride=2, dropout=dropout) for _ in range(2))
        )

    def forward(self, motion: Tensor, speech: Tensor) -> Tensor:
        """Map motion (B, T, 6) and speech features (B, T, D) to a code (B, E). T is 13 or more."""
        hidden = _activate(self.norm(self.first(motion).mT))  # (B, D, T): normalised over B and T
        series = torch.cat([self.second(hidden.mT), speech], dim=-1)
        code: Tensor = self.over_time(series.mT).mean(dim=-1)
        return code


class HeadMotion(KeepsDigits, nn.Module):
    """Predicts the motion of the head from its past and from speech.

    Args:
        window_shape: pieces in a window of speech, and samples in a piece.
        conv_channels: of the two convolutions over a window.
        hidden_size: of speech features before their last layer.
        feature_size: of speech features and of motion features, each.
        motion_hidden_size: of motion features before their last layer.
        dropout: share of activations dropped in training.
    """

    def __init__(
        self,
        *,
        window_shape: tuple[int, int] = (7, 640),
        conv_channels: tuple[int, int] = (8, 16),
        hidden_size: int = 512,
        feature_size: int = 256,
        motion_hidden_size: int = 128,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.speech_encoder = SpeechEncoder(
            window_shape, conv_channels, hidden_size, feature_size, dropout
        )
        self.motion_encoder = MotionEncoder(feature_size, motion_hidden_size, feature_size, dropout)
        self.decoder = nn.Linear(2 * feature_size, (feature_size + 1) * MOTION_SIZE)

    def forward(self, windows: Tensor, history: Tensor) -> Tensor:
        """Return the motion after the history, (B, T - H, 6).

        Args:
            windows: of speech, (B, T, W, S): of the history and of what is asked for.
            history: normalised motion of the first H frames, (B, H, 6).
        """
        speech = self.speech_encoder(windows)
        num_known = history.shape[1]
        code = self.motion_encoder(history, speech[:, :num_known])
        return self.decode(code, speech[:, num_known:])

    def decode(self, code: Tensor, speech: Tensor) -> Tensor:
        """Map a code (B, E) and speech features (B, T, D) to motion (B, T, 6).

        The code becomes the linear map that turns speech into motion.
        """
        generated = self.decoder(code)
        weight = generated[:, :-MOTION_SIZE].unflatten(1, (speech.shape[-1], MOTION_SIZE))
        bias = generated[:, None, -MOTION_SIZE:]
        return torch.baddbmm(bias, speech, weight)


class MotionCritic(nn.Module):
    """Judges motion by its statistics alone: true or made up.

    In the published training its gradient never reaches what makes the motion.
    """

    def __init__(self) -> None:
        super().__init__()
        self.judge = nn.Linear(4 * MOTION_SIZE, 1)

    def forward(self, motion: Tensor) -> Tensor:
        """Return logits (B,) that motion (B, T, 6) is true."""
        judged: Tensor = self.judge(motion_statistics(motion)).squeeze(-1)
        return judged


def motion_statistics(motion: Tensor) -> Tensor:
    """Return mean and deviation of motion (B, T, 6), then those of its velocity: (B, 24)."""
    series = (motion, motion.diff(dim=1))
    statistics = [(one.mean(dim=1), one.std(dim=1)) for one in series]  # deviations with T - 1
    return torch.cat([number for pair in statistics for number in pair], dim=-1)


def _activate(features: Tensor) -> Tensor:
    return F.leaky_relu(features, 0.3)
