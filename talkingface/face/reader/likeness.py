"""How alike two drawn faces are to the reader: what it reads of both, and how it sees them."""

import torch
import torch.nn.functional as F
from torch import Tensor

from talkingface.face.points import MOUTH
from talkingface.face.reader.network import (
    EMOTION_UNIT,
    LANDMARK_UNIT_PX,
    OPENING_UNIT_PX,
    PICTURE_PX,
    POSE_UNIT_RADIANS,
    FaceValues,
    ReaderNetwork,
)

SEEN_AFTER = (1, 3, 5)  # layers of the trunk: maps of 28, 14 and 7 px
MOUTH_WEIGHT = 4.0  # of its points against the others


def likeness_losses(reader: ReaderNetwork, fake: Tensor, real: Tensor) -> dict[str, Tensor]:
    """Return ``reader_values`` and ``reader_maps`` of pictures (B, 3, H, W) in [-1, 1].

    The first is what is read: points, pose, lips, eyes, mood, each in its own unit. The second is
    what the layers make of the pictures, each as a share of what the true one has. Only `fake` has
    a gradient.
    """
    fake, real = (_at_size(one) for one in (fake, real))
    with torch.no_grad():
        true_maps, true = _maps(reader, real), reader(real)
    maps, read = _maps(reader, fake), reader(fake)
    shares = [
        F.l1_loss(one, other) / other.abs().mean().clamp(min=1e-3)
        for one, other in zip(maps, true_maps, strict=True)
    ]
    return {"reader_values": _distance(read, true), "reader_maps": torch.stack(shares).mean()}


def _distance(read: FaceValues, true: FaceValues) -> Tensor:
    points = (read.landmarks - true.landmarks).abs().mean(dim=(0, 2)) / LANDMARK_UNIT_PX  # (68,)
    terms = (
        points.mean(),
        MOUTH_WEIGHT * points[MOUTH].mean(),
        F.l1_loss(read.pose, true.pose) / POSE_UNIT_RADIANS,
        F.l1_loss(read.mouth_opening, true.mouth_opening) / OPENING_UNIT_PX,
        F.l1_loss(read.emotion, true.emotion) / EMOTION_UNIT,
        F.l1_loss(read.blink, true.blink),
        F.l1_loss(read.gaze, true.gaze),
    )
    return torch.stack(terms).sum()


def _maps(reader: ReaderNetwork, pictures: Tensor) -> list[Tensor]:
    maps, x = [], pictures
    for index, layer in enumerate(reader.trunk):
        x = layer(x)
        if index in SEEN_AFTER:
            maps.append(x)
    return maps


def _at_size(pictures: Tensor) -> Tensor:
    if pictures.shape[-1] == PICTURE_PX:
        return pictures
    return F.interpolate(pictures, size=(PICTURE_PX, PICTURE_PX), mode="area")
