"""Reads motion from pictures: of a portrait, of who drives, or as it was saved of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from talkingface.clip import Clip, Frames, Picture
from talkingface.errors import DataError
from talkingface.models.pd_fgc.motion_encoder import MotionEncoder
from talkingface.nn.pictures import resized, to_frames

# What a clip knows whose motion was saved: its motion (T, M), and of which weights that is.
MOTION, MOTION_ENCODER = "pd_fgc_motion", "pd_fgc_motion_encoder"
PICTURES_AT_ONCE = 8


class MotionReader:
    """Sees what faces do.

    Args:
        encoder: the network, on its device.
        image_px: side of the pictures that it was made for.
    """

    def __init__(self, encoder: MotionEncoder, image_px: int) -> None:
        self._encoder = encoder
        self._image_px = image_px
        self.device = next(encoder.parameters()).device

    def read(self, pictures: Sequence[Picture]) -> Tensor:
        """Return the motion of faces, (T, M)."""
        sized = np.stack([resized(one, self._image_px) for one in pictures])
        return self._encoder.motion(self._encoder(to_frames(sized).to(self.device)))

    def fingerprint(self) -> NDArray[np.float32]:
        """Return a digest of the weights, (32,) whole numbers of 0 to 255."""
        return np.frombuffer(self._encoder.digest(), dtype=np.uint8).astype(np.float32)


class Driver(Protocol):
    """The motion of a clip, picture by picture."""

    def __len__(self) -> int:
        """Return how many pictures there are."""
        ...

    def at(self, places: NDArray[np.intp]) -> Tensor:
        """Return the codes (T, D) of pictures by their places in the clip, in any order."""
        ...


@dataclass(frozen=True)
class SavedDriver:
    """Motion that was read before."""

    codes: Tensor  # (L, D)

    def __len__(self) -> int:
        return len(self.codes)

    def at(self, places: NDArray[np.intp]) -> Tensor:
        """Return the codes (T, D) of pictures by their places."""
        return self.codes[torch.from_numpy(places)]


class SeenDriver:
    """Motion that is read when it is first asked for, each picture once.

    Args:
        reader: sees the pictures.
        frames: the pictures.
        columns: of the motion, that are wanted.
        num_frames: how many pictures may be asked for, from the first.
    """

    def __init__(
        self, reader: MotionReader, frames: Frames, columns: Sequence[int], num_frames: int
    ) -> None:
        self._reader = reader
        self._frames = frames
        self._columns = columns
        length = min(len(frames), num_frames)
        self._codes = torch.empty(length, len(columns), device=reader.device)
        self._is_read = np.zeros(length, dtype=np.bool_)

    def __len__(self) -> int:
        return len(self._is_read)

    def at(self, places: NDArray[np.intp]) -> Tensor:
        """Return the codes (T, D) of pictures by their places."""
        missing = np.unique(places[~self._is_read[places]])
        if len(missing):
            for start in range(missing[0], missing[-1] + 1, PICTURES_AT_ONCE):
                self._read(start, min(start + PICTURES_AT_ONCE, int(missing[-1]) + 1))
        return self._codes[torch.from_numpy(places)]

    def _read(self, start: int, stop: int) -> None:
        motion = self._reader.read(list(self._frames.read(start, stop)))
        self._codes[start:stop] = motion[:, self._columns]
        self._is_read[start:stop] = True


def driver_of(reader: MotionReader, clip: Clip, columns: Sequence[int], num_frames: int) -> Driver:
    """Return the motion of a clip, as it was saved or else as its pictures show it.

    Raises:
        DataError: The clip has no pictures, or its saved motion is of other weights.
    """
    saved = clip.truth(MOTION)
    if saved is None:
        if clip.frames is None or len(clip.frames) == 0:
            raise DataError(
                f"{clip.name} has no pictures to follow. Give another video or picture."
            )
        return SeenDriver(reader, clip.frames, columns, num_frames)
    known_by = clip.truth(MOTION_ENCODER)
    if known_by is None or not np.array_equal(known_by, reader.fingerprint()):
        raise DataError(
            f"The motion of {clip.name} was saved with other weights, to which it means something "
            "else. Give the video itself, or save its motion again."
        )
    return SavedDriver(torch.from_numpy(saved[:, columns]).to(reader.device))
