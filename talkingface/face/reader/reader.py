"""Pictures in, readings out: the network with its weights, for pictures of any size."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from talkingface.config.locations import checkpoints_folder
from talkingface.face.reader.network import PICTURE_PX, FaceValues, ReaderNetwork, as_input
from talkingface.storage.fitting import load_into
from talkingface.storage.weights import Weights, WeightsHeader, read_weights, write_weights

NAME: Final = "SynthTalkReader"
WEIGHTS_FILE: Final = "demo.safetensors"
LICENCE: Final = "Apache-2.0"  # the people that it learns from are drawn by this toolkit
PICTURES_AT_ONCE: Final = 32
PRESENT: Final = 0.5

Pictures = NDArray[np.uint8]  # (T, H, W, 3) RGB
Array = NDArray[np.float32]


@dataclass(frozen=True)
class FaceReadings:
    """What was read of T pictures, in their own pixels; worth nothing where none is `found`."""

    landmarks: Array  # (T, 68, 3) right, down, towards the viewer
    pose: Array  # (T, 3) yaw, pitch, roll in radians
    mouth_opening: Array  # (T,) px between the inner lips, down the face
    emotion: Array  # (T, 5) strengths, as `network.EMOTION_NAMES`
    blink: Array  # (T,) 0 open, 1 closed
    gaze: Array  # (T, 2) -1 to 1, right and down, against the head
    presence: Array  # (T,) how likely an upright drawn face is, 0 to 1

    @property
    def found(self) -> NDArray[np.bool_]:
        """Return whether there is a face (T,)."""
        return self.presence >= PRESENT


class FaceReader:
    """Reads the one large face that each picture shows."""

    def __init__(self, network: ReaderNetwork) -> None:
        self._network = network.eval()

    def read(self, pictures: Pictures) -> FaceReadings:
        """Return what is seen in pictures (T, H, W, 3); of oblong ones, in the square middle."""
        height, width = pictures.shape[1:3]
        side = min(height, width)
        left, top = (width - side) // 2, (height - side) // 2
        seen = self._seen(pictures[:, top : top + side, left : left + side])
        scale = side / PICTURE_PX
        landmarks = scale * seen.landmarks
        # The middle of a pixel is half a pixel from its edge, however large the pixel is.
        landmarks[..., :2] += torch.tensor([left, top]) + (scale - 1) / 2
        return FaceReadings(
            landmarks=landmarks.numpy(),
            pose=seen.pose.numpy(),
            mouth_opening=(scale * seen.mouth_opening).numpy(),
            emotion=seen.emotion.numpy(),
            blink=seen.blink.clamp(0, 1).numpy(),
            gaze=seen.gaze.clamp(-1, 1).numpy(),
            presence=seen.presence.sigmoid().numpy(),
        )

    @torch.inference_mode()
    def _seen(self, squares: Pictures) -> FaceValues:
        parts = [self._network(inputs) for inputs in _inputs_of(squares)]
        return FaceValues(*(torch.cat(values) for values in zip(*parts, strict=True)))


def open_reader(weights: Path | None = None) -> FaceReader:
    """Return a reader with the weights of a file, or with those that come with the toolkit.

    Raises:
        CheckpointError: the file is absent, or does not hold a reader.
    """
    return FaceReader(open_network(weights or checkpoints_folder() / NAME / WEIGHTS_FILE))


def open_network(weights: Path) -> ReaderNetwork:
    """Return the bare network with the weights of a file, to compute gradients through.

    Raises:
        CheckpointError: the file is absent, or does not hold a reader.
    """
    held = read_weights(weights, model=NAME)
    network = ReaderNetwork(**held.header.architecture)
    load_into(network, held.tensors, source=str(weights))
    return network


def write_reader(network: ReaderNetwork, path: Path) -> None:
    """Write a network as weights that `open_reader` takes, in half precision.

    Raises:
        StorageError: the file cannot be written.
    """
    header = WeightsHeader(NAME, "demo", LICENCE, {"width": network.width})
    tensors = {
        name: tensor.half() if tensor.is_floating_point() else tensor
        for name, tensor in network.state_dict().items()
    }
    write_weights(path, Weights(header, tensors))


def _inputs_of(squares: Pictures) -> Iterator[Tensor]:
    """Yield square pictures (T, S, S, 3) in batches for the network."""
    for start in range(0, len(squares), PICTURES_AT_ONCE):
        some = squares[start : start + PICTURES_AT_ONCE]
        yield as_input(torch.from_numpy(np.stack([_resized(picture) for picture in some])))


def _resized(square: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if len(square) == PICTURE_PX:
        return square
    way = cv2.INTER_AREA if len(square) > PICTURE_PX else cv2.INTER_LINEAR
    small = cv2.resize(square, (PICTURE_PX, PICTURE_PX), interpolation=way)
    return np.asarray(small, dtype=np.uint8)
