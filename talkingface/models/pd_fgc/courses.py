"""The course of one factor through a video: its codes at the frames that are asked for.

A course is asked for a window at a time, so that an hour of speech is heard as it is drawn.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from talkingface.models.pd_fgc.factors import smoothed_lips, smoothed_poses
from talkingface.models.pd_fgc.reading import Driver
from talkingface.models.pd_fgc.speech_encoder import SpeechEncoder
from talkingface.models.pd_fgc.timing import Schedule

# From frames of the speech to their mel windows (T, 80, 20).
Hearing = Callable[[range], NDArray[np.float32]]


class Course(Protocol):
    """Codes over time."""

    def __call__(self, frames: range) -> Tensor:
        """Return the codes of a factor at `frames` of the video, (T, D)."""
        ...


@dataclass(frozen=True)
class Fixed:
    """One code for all frames."""

    code: Tensor  # (1, D)

    def __call__(self, frames: range) -> Tensor:
        """Return the code for each of `frames`, (T, D)."""
        return self.code.expand(len(frames), -1)


@dataclass(frozen=True)
class Seen:
    """Some columns of a driver's codes."""

    driver: Driver
    columns: slice
    pictures: Callable[[range], NDArray[np.intp]]  # which each frame has
    gain: float

    def __call__(self, frames: range) -> Tensor:
        """Return the codes at `frames`, (T, D)."""
        codes = self.driver.at(self.pictures(frames))
        return self.gain * codes[:, self.columns]


@dataclass(frozen=True)
class Steadied:
    """A pose, averaged over three frames."""

    pose: Course
    num_frames: int

    def __call__(self, frames: range) -> Tensor:
        """Return the codes at `frames`, (T, D)."""
        around = range(max(0, frames.start - 1), min(self.num_frames, frames.stop + 1))
        first = frames.start - around.start
        return smoothed_poses(self.pose(around))[first : first + len(frames)]


@dataclass(frozen=True)
class Heard:
    """Lips as speech has them, smoothed over three frames."""

    encoder: SpeechEncoder
    hearing: Hearing
    schedule: Schedule
    gain: float
    device: torch.device

    def __call__(self, frames: range) -> Tensor:
        """Return the codes at `frames`, (T, D)."""
        around = range(frames.start - 1, frames.stop + 1)
        return self.gain * smoothed_lips(self._unsmoothed(around))

    def _unsmoothed(self, frames: range) -> Tensor:
        lead = self.schedule.lead
        windows = self.hearing(range(frames.start + lead, frames.stop + lead))
        codes = self.encoder.lip_codes(self.encoder(torch.from_numpy(windows).to(self.device)))
        if self.schedule.sync == "published":  # theirs is zero beyond its ends, so lips fade there
            there = [0 <= frame < self.schedule.num_frames for frame in frames]
            codes = codes * torch.tensor(there, device=self.device)[:, None]
        return codes


@dataclass(frozen=True)
class Blended:
    """A course that is followed by half, or twice as far; at strength 0 the face rests."""

    course: Course
    rest: Tensor  # (1, D)
    strength: float

    def __call__(self, frames: range) -> Tensor:
        """Return the codes at `frames`, (T, D)."""
        return torch.lerp(self.rest, self.course(frames), self.strength)
