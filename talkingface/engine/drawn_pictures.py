"""The pictures that a method makes of a job, as they come.

Three things go on at once: drivers are decoded some pictures ahead, the network draws a window or
two ahead, and whoever takes the pictures scores or encodes them.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace

import numpy as np
import torch
from einops import rearrange
from numpy.typing import NDArray
from torch import Tensor

from talkingface.clip import Clip, FrameArray, Picture
from talkingface.engine.ahead import FramesAhead, ahead
from talkingface.engine.memory import give_back_freed_memory
from talkingface.job import Control, ControlName, Job
from talkingface.models.base import TalkingFaceModel


def generated_pictures(model: TalkingFaceModel, job: Job) -> Iterator[Picture]:
    """Yield the frames that a method makes of a job, (H, W, 3) uint8, in constant memory.

    Each may be asked for by another thread.
    """
    with ExitStack() as decoding:
        prepared = replace(job, controls=read_ahead(job, decoding))
        with closing(ahead(_windows(model, prepared))) as windows:
            for window in windows:
                yield from window


def _windows(model: TalkingFaceModel, job: Job) -> Iterator[NDArray[np.uint8]]:
    """Yield the frames in windows (T, H, W, 3)."""
    windows, is_first = model.generate(job), True
    while True:
        with drawing():  # for now: whoever takes the pictures has modes of its own
            window = next(windows, None)
            if window is None:
                return
            pictures = to_pictures(window)
        if is_first:
            give_back_freed_memory()  # in it all was made that is made once; others take less
            is_first = False
        yield pictures


@contextmanager
def drawing() -> Iterator[None]:
    """Let this thread draw: nothing is learnt, and GPUs do not cut products of 32 bits to 19."""
    with (
        torch.inference_mode(),
        torch.backends.cudnn.flags(enabled=True, benchmark=True, allow_tf32=False),
    ):
        yield


def read_ahead(job: Job, decoding: ExitStack) -> Mapping[ControlName, Control]:
    """Return the controls of a job, with drivers that are decoded before they are asked for.

    Who drives several controls is decoded once.
    """
    opened: dict[int, FramesAhead] = {}
    controls = {}
    for name, control in job.controls.items():
        clip = control.source
        if isinstance(clip, Clip) and not isinstance(clip.frames, FrameArray | None):
            frames = opened.get(id(clip.frames))
            if frames is None:
                frames = FramesAhead(clip.frames)
                opened[id(clip.frames)] = decoding.enter_context(closing(frames))
            control = replace(control, source=replace(clip, frames=frames))  # noqa: PLW2901
        controls[name] = control
    return controls


def to_pictures(window: Tensor) -> NDArray[np.uint8]:
    """Return frames (T, C, H, W) in [-1, 1] as pictures (T, H, W, 3) of 0..255, rounded."""
    scaled = (window.float().clamp(-1, 1) + 1) * 127.5
    pictures: NDArray[np.uint8] = (
        rearrange(scaled, "t c h w -> t h w c").round().to(torch.uint8).cpu().numpy()
    )
    return pictures
