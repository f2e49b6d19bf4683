"""What teachers say of a drawn face: networks that know something already and do not learn."""

from collections.abc import Iterable

from torch import Tensor, nn

from talkingface.face.reader.likeness import likeness_losses
from talkingface.face.reader.network import ReaderNetwork
from talkingface.nn.perceptual import PerceptualLoss, VGG19Features

JUDGED_LOSSES = ("reader_values", "reader_maps", "perceptual")


def judged(teachers: Iterable[nn.Module], fake: Tensor, real: Tensor) -> dict[str, Tensor]:
    """Return the losses of pictures (B, 3, H, W) by name: those that each teacher knows."""
    found: dict[str, Tensor] = {}
    for teacher in teachers:
        if isinstance(teacher, ReaderNetwork):
            found |= likeness_losses(teacher, fake, real)
        elif isinstance(teacher, VGG19Features):
            found["perceptual"] = PerceptualLoss(teacher)(fake, real)
    return found
