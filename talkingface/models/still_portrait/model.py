"""The baseline of every table: the first portrait, for as long as the speech lasts."""

from collections.abc import Iterator

import torch
from einops import rearrange
from torch import Tensor

from talkingface.job import Job
from talkingface.models.base import TalkingFaceModel

WINDOW = 16  # frames


class StillPortrait(TalkingFaceModel):
    """Repeats the portrait. It has no networks, no weights and no controls."""

    def generate(self, job: Job) -> Iterator[Tensor]:
        """Yield the portrait, (T, C, H, W) in [-1, 1]."""
        picture = torch.from_numpy(job.portraits[0]).float() / 127.5 - 1
        frame = rearrange(picture, "h w c -> 1 c h w")
        for start in range(0, self.num_frames(job), WINDOW):
            length = min(WINDOW, self.num_frames(job) - start)
            yield frame.expand(length, -1, -1, -1)
