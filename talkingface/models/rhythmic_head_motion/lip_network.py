"""From speech to the movement of jaw and lips: a small network of our own.

Paper: arXiv:2007.08547, section 3.1 (facial expression learner). The authors never released theirs;
what it hands over is the same, frontal landmarks. It hears a window of the spectrogram and says how
much of each principal component of movement there is, as theirs did for another corpus.
"""

import torch
from einops import rearrange
from torch import Tensor, nn

from talkingface.media.features.mel import MEL_BANDS
from talkingface.media.features.windows import WINDOW_ROWS
from talkingface.models.rhythmic_head_motion.resting import SPEAKING_POINTS
from talkingface.nn.precision import KeepsDigits

NUM_NUMBERS = 3 * len(SPEAKING_POINTS)
LEFT_ROWS = WINDOW_ROWS // 4  # after two strides


class LipNetwork(KeepsDigits, nn.Module):
    """Hears windows of speech, and says how the points that speech moves are moved.

    Args:
        channels: of the first two convolutions; the third has twice as many.
        num_components: of the movement.
    """

    mean: Tensor
    components: Tensor

    def __init__(self, channels: int = 64, num_components: int = 12) -> None:
        super().__init__()
        self.hearing = nn.Sequential(
            *_layer(MEL_BANDS, channels, stride=1),
            *_layer(channels, channels, stride=2),
            *_layer(channels, 2 * channels, stride=2),
            nn.Flatten(),
            nn.Linear(2 * channels * LEFT_ROWS, 2 * channels),
            nn.ReLU(),
            nn.Linear(2 * channels, num_components),
        )
        self.register_buffer("mean", torch.zeros(NUM_NUMBERS))
        self.register_buffer("components", torch.zeros(num_components, NUM_NUMBERS))

    def forward(self, windows: Tensor) -> Tensor:
        """Map windows (N, 80, 20) to movements (N, 37, 3) in pixels of the canonical face."""
        amounts = self.hearing(windows)  # (N, K), each about a deviation of what was learnt from
        moved: Tensor = self.mean + amounts @ self.components
        return rearrange(moved, "n (p d) -> n p d", d=3)

    @torch.no_grad()
    def take_components(self, movements: Tensor) -> None:
        """Take the principal components of movements (N, 37, 3), each as long as it deviates."""
        flat = movements.flatten(1).double()
        mean = flat.mean(dim=0)
        _, deviations, axes = torch.linalg.svd(flat - mean, full_matrices=False)
        taken = (deviations[:, None] / len(flat) ** 0.5 * axes)[: len(self.components)]
        self.mean.copy_(mean)
        self.components.zero_()
        self.components[: len(taken)] = taken.to(self.components)


def _layer(inputs: int, outputs: int, stride: int) -> tuple[nn.Module, ...]:
    conv = nn.Conv1d(inputs, outputs, 3, stride, padding=1, bias=False)
    return conv, nn.BatchNorm1d(outputs), nn.ReLU()
