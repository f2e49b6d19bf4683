"""What a method must be able to do for the engine to train, run and score it."""

from abc import abstractmethod
from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar

from torch import Tensor, nn

from talkingface.config.settings import ModelSettings
from talkingface.job import Job


class TalkingFaceModel(nn.Module):
    """A method: networks, and how they turn a job into frames.

    A method opens no file, starts no program and names no device.
    """

    fps: ClassVar[Fraction] = Fraction(25)

    def __init__(self, settings: ModelSettings) -> None:
        super().__init__()
        self.settings = settings

    @abstractmethod
    def generate(self, job: Job) -> Iterator[Tensor]:
        """Yield the video in windows (T, C, H, W) of float RGB in [-1, 1], in order.

        `num_frames(job)` frames in all; memory does not grow with their number.
        """

    def num_frames(self, job: Job) -> int:
        """Return how many frames the speech of a job lasts, at least one."""
        return max(1, round(job.speech.seconds * self.fps))
