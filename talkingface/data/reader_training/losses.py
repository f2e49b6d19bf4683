"""How wrong a reading is: one number for each thing that is read."""

from collections.abc import Callable

from torch import Tensor
from torch.nn import functional as F

from talkingface.face.points import MOUTH
from talkingface.face.reader.network import FaceValues

MOUTH_WEIGHT = 2.0  # lips are what methods are judged by


def reading_losses(read: FaceValues, true: FaceValues) -> dict[str, Tensor]:
    """Return losses by name, each about 1 for a guess; faces that are not there have only one.

    A closed eye looks nowhere, so its gaze counts as little as it is open.
    """
    there = true.presence / true.presence.sum().clamp(min=1)  # (B,) sums to 1

    def mean(errors: Tensor) -> Tensor:
        return (there * errors.flatten(1).mean(dim=1)).sum()

    def distance(of: Callable[[FaceValues], Tensor]) -> Tensor:
        return (of(read) - of(true)).abs()

    return {
        "landmarks": mean(distance(lambda v: v.landmarks)) / 4,
        "mouth": MOUTH_WEIGHT * mean(distance(lambda v: v.landmarks[:, MOUTH])) / 4,
        "pose": mean(distance(lambda v: v.pose)) / 0.15,
        "mouth_opening": mean(distance(lambda v: v.mouth_opening[:, None])) / 3,
        # Squared: most moods are 0 in most pictures, which would content the absolute error.
        "emotion": mean(distance(lambda v: v.emotion) ** 2) / 0.07,
        "blink": mean(distance(lambda v: v.blink[:, None])) / 0.25,
        "gaze": mean(distance(lambda v: v.gaze) * (1 - true.blink[:, None])) / 0.4,
        "presence": F.binary_cross_entropy_with_logits(read.presence, true.presence) / 0.4,
    }
