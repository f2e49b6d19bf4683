"""The frames of a clip seen through their crops, as lazily as the frames themselves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Frames, Picture
from talkingface.face.align.crop import Crop


@dataclass(frozen=True)
class CroppedFrames:
    """Frames, each cut by its own crop; where there are fewer crops the clip ends with them."""

    frames: Frames
    crops: Sequence[Crop]

    @property
    def fps(self) -> Fraction:
        """Pictures a second."""
        return self.frames.fps

    def __len__(self) -> int:
        return min(len(self.frames), len(self.crops))

    def __iter__(self) -> Iterator[Picture]:
        for picture, crop in zip(self.frames, self.crops, strict=False):
            yield crop.cut(picture)

    def read(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return pictures `start` to `stop` - 1, (T, size, size, 3)."""
        pictures = self.frames.read(start, stop)
        crops = self.crops[start:stop]
        return np.stack([crop.cut(one) for crop, one in zip(crops, pictures, strict=False)])
