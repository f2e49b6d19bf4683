"""What the networks of PC-AVS and PD-FGC see of an aligned face: less of its sides and its foot.

Both cut it out of every picture when they read it: rows 0 to 191 and columns 16 to 207 of 224.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Frames, Picture
from talkingface.errors import DataError
from talkingface.face.align.crop import RectangleCrop
from talkingface.face.align.level_eyes import SIZE
from talkingface.media.coding import codec_of

BORDER, KEPT = 16, 192  # pixels of 224


def network_view(size: int = SIZE, aligned_px: int = SIZE) -> RectangleCrop:
    """Return the part of an aligned face of `aligned_px` that networks see, at `size` pixels.

    >>> network_view()
    RectangleCrop(left=16, top=0, right=208, bottom=192, size=224, border_level=0)
    """
    border, kept = (round(one * aligned_px / SIZE) for one in (BORDER, KEPT))
    return RectangleCrop(border, 0, border + kept, kept, size)


@dataclass(frozen=True)
class NetworkFrames:
    """Aligned frames as the networks see them, as lazily as the frames themselves."""

    aligned: Frames
    size: int = SIZE

    @property
    def fps(self) -> Fraction:
        """Pictures a second."""
        return self.aligned.fps

    @property
    def codec(self) -> str:
        """How the aligned frames are stored."""
        return codec_of(self.aligned)

    def __len__(self) -> int:
        return len(self.aligned)

    def __iter__(self) -> Iterator[Picture]:
        return map(self._seen, self.aligned)

    def read(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return pictures `start` to `stop` - 1, (T, size, size, 3)."""
        pictures = [self._seen(one) for one in self.aligned.read(start, stop)]
        return np.stack(pictures) if pictures else np.empty((0, self.size, self.size, 3), np.uint8)

    def _seen(self, picture: Picture) -> Picture:
        height, width = picture.shape[:2]
        if height != width:
            raise DataError(
                f"A frame of {width} x {height} pixels is no aligned face, which is square. "
                "Align the raw material with the step preprocess."
            )
        return network_view(self.size, height).cut(picture)
