"""PC_AVS while the speech is coming: each frame hears 80 ms beyond its own sound."""

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from talkingface.media.features.framing import Samples
from talkingface.media.features.level import RunningLevel
from talkingface.media.features.passage import Passage
from talkingface.media.features.windows import HEARD_AFTER, HEARD_BEFORE, passing_mouth_windows
from talkingface.models.base import LiveFace
from talkingface.models.pc_avs.drawing import Drawing


class LivePCAVS(LiveFace):
    """Draws a person who says what comes.

    Args:
        drawing: of that person.
        noise_differs: whether each frame has noise of its own.
    """

    heard_before = HEARD_BEFORE
    heard_after = HEARD_AFTER

    def __init__(self, drawing: Drawing, *, noise_differs: bool) -> None:
        self._drawing, self._noise_differs = drawing, noise_differs
        self._level = RunningLevel()

    def hear(self, samples: NDArray[np.floating]) -> Samples:
        """Return the next samples at the level that the voice has had so far."""
        return self._level.levelled(samples)

    def draw(self, speech: Passage, frames: range, first: int) -> Tensor:
        """Return frames (T, 3, H, W) in [-1, 1]."""
        mels = passing_mouth_windows(speech, frames)
        return self._drawing.of(mels, range(first, first + len(frames)))

    def moment(self, place: int) -> int | None:
        """Return which picture gives the pose; None where the noise of each frame is another."""
        return None if self._noise_differs else self._drawing.poses.place(place)
