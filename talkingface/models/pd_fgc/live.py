"""PD_FGC while the speech is coming: each frame hears 120 ms beyond its own sound.

That is 80 ms of the window and 40 ms of the next frame, with which lips are smoothed. Drivers are
videos that are there already, and go on from speech to speech. So the head of a speech's last frame
is averaged with where it goes next, which a video that ends has not.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from talkingface.media.features.framing import Samples
from talkingface.media.features.level import RunningLevel
from talkingface.media.features.passage import Passage
from talkingface.media.features.windows import (
    HEARD_AFTER,
    HEARD_BEFORE,
    SAMPLES_PER_FRAME,
    passing_mouth_windows,
)
from talkingface.models.base import LiveFace
from talkingface.models.pd_fgc.driving import Director


class PassingSpeech:
    """What the lips hear of the passage that is being drawn; frames count as the stream's do."""

    def __init__(self) -> None:
        self._passage: Passage | None = None
        self._lead = 0  # frames of the stream before the speech

    def at(self, passage: Passage, lead: int) -> None:
        """Let this passage be heard, of a speech that began at frame `lead` of the stream."""
        self._passage, self._lead = passage, lead

    def __call__(self, frames: range) -> NDArray[np.float32]:
        """Return mel windows (T, 80, 20)."""
        assert self._passage is not None, "a passage comes first"
        within = range(frames.start - self._lead, frames.stop - self._lead)
        return passing_mouth_windows(self._passage, within)


class LivePDFGC(LiveFace):
    """Draws a person who says what comes and moves as others do.

    Args:
        director: says what the face does.
        hearing: what the director hears.
        paint: draws motions (T, M) as frames (T, 3, H, W).
    """

    heard_before = HEARD_BEFORE + SAMPLES_PER_FRAME
    heard_after = HEARD_AFTER + SAMPLES_PER_FRAME

    def __init__(
        self, director: Director, hearing: PassingSpeech, paint: Callable[[Tensor], Tensor]
    ) -> None:
        self._director, self._hearing, self._paint = director, hearing, paint
        self._level = RunningLevel()

    def hear(self, samples: NDArray[np.floating]) -> Samples:
        """Return the next samples at the level that the voice has had so far."""
        return self._level.levelled(samples)

    def draw(self, speech: Passage, frames: range, first: int) -> Tensor:
        """Return frames (T, 3, H, W) in [-1, 1]."""
        self._hearing.at(speech, first - frames.start)
        return self._paint(self._director.motion(range(first, first + len(frames))))

    def moment(self, place: int) -> tuple[int, ...]:
        """Return which pictures the frame follows, and its neighbours."""
        return self._director.moment(place)
