"""Generates the clips of a split, scores each against the real one, and keeps both.

A clip is generated once and streamed: each window of frames goes to the metrics as it comes from
the method, before any video encoding, and then to the video file. A clip that fails is a row with
its reason; the others go on.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import torch
from einops import rearrange
from numpy.typing import NDArray
from torch import Tensor

from talkingface.clip import Clip, Frames, Picture
from talkingface.engine.eyes import Eyes
from talkingface.engine.jobs import self_driven
from talkingface.engine.scores import ClipScores
from talkingface.errors import DataError, TalkingFaceError
from talkingface.job import ControlName
from talkingface.media.writer import write_video
from talkingface.metrics.base import ClipContext, Metric, MetricUnavailableError, Pair
from talkingface.models.base import TalkingFaceModel

logger = logging.getLogger(__name__)

MAX_EXTRA_FRAMES = 2  # a generated clip may be so much shorter or longer than the real one

MetricMakers = Mapping[str, Callable[[], Metric]]


def evaluate(
    model: TalkingFaceModel,
    controls: Iterable[ControlName],
    clips: Sequence[Clip],
    metrics: MetricMakers,
    videos: Path,
) -> Iterator[ClipScores]:
    """Yield a row for each clip once it is made and scored; the videos lie in `videos`."""
    controls = list(controls)
    eyes = Eyes()
    for clip in clips:
        scored = Scored(clip, model.fps, {name: make() for name, make in metrics.items()}, eyes)
        yield _row(model, controls, clip, scored, videos / f"{clip.name}.mp4")


def _row(
    model: TalkingFaceModel,
    controls: Sequence[ControlName],
    clip: Clip,
    scored: "Scored",
    video: Path,
) -> ClipScores:
    try:
        job = self_driven(clip, controls)
        assert clip.frames is not None
        _check_rate(clip.frames, model.fps)
        with torch.inference_mode():
            frames = scored.passing(model.generate(job), clip.frames)
            write_video(video, frames, model.fps, clip.speech)
    except TalkingFaceError as error:
        logger.warning("%s could not be made: %s", clip.name, error)
        return ClipScores(clip.name, failure=str(error))
    return ClipScores(clip.name, scored.num_frames, scored.compute(), video.name)


class Scored:
    """The scores of one clip, taken while its frames pass by on their way to the video."""

    def __init__(
        self, clip: Clip, fps: Fraction, metrics: Mapping[str, Metric], eyes: Eyes
    ) -> None:
        self.num_frames = 0
        self._metrics = dict(metrics)
        self._look = eyes.for_clip(clip)
        self._context = ClipContext(fps=fps, speech=clip.speech)

    def passing(self, windows: Iterable[Tensor], reference: Frames) -> Iterator[Picture]:
        """Yield each frame of the windows (T, C, H, W) as a picture, after it was scored.

        Raises:
            DataError: The generated clip is longer or shorter than the real one by more than two
                frames, or of another size. What is beyond the shorter of both is not scored.
        """
        for window in windows:
            pictures = to_pictures(window)
            self._score(pictures, reference)
            self.num_frames += len(pictures)
            yield from pictures
        if abs(self.num_frames - len(reference)) > MAX_EXTRA_FRAMES:
            raise DataError(
                f"The generated clip has {self.num_frames} frames and the real one "
                f"{len(reference)}; they may differ by {MAX_EXTRA_FRAMES}."
            )

    def compute(self) -> dict[str, float]:
        """Return the score of the clip by each metric that has one."""
        scores = {}
        for name, metric in self._metrics.items():
            try:
                scores[name] = metric.compute()
            except MetricUnavailableError as error:
                logger.warning("%s has no score here: %s", name, error)
        return scores

    def _score(self, pictures: NDArray[np.uint8], reference: Frames) -> None:
        real = reference.read(self.num_frames, min(self.num_frames + len(pictures), len(reference)))
        pictures = pictures[: len(real)]
        if len(real) == 0:
            return
        if pictures.shape != real.shape:
            raise DataError(
                f"The generated frames are {_size(pictures)} and the real ones {_size(real)}."
            )
        pair = Pair(self._look(pictures), self._look(real), self._context)
        for name, metric in list(self._metrics.items()):
            try:
                metric.update(pair)
            except MetricUnavailableError as error:
                logger.warning("%s has no score here: %s", name, error)
                del self._metrics[name]


def to_pictures(window: Tensor) -> NDArray[np.uint8]:
    """Return frames (T, C, H, W) in [-1, 1] as pictures (T, H, W, 3) of 0..255, rounded."""
    scaled = (window.float().clamp(-1, 1) + 1) * 127.5
    pictures: NDArray[np.uint8] = (
        rearrange(scaled, "t c h w -> t h w c").round().to(torch.uint8).cpu().numpy()
    )
    return pictures


def _check_rate(frames: Frames, fps: Fraction) -> None:
    if frames.fps != fps:
        raise DataError(
            f"The clip has {float(frames.fps):g} frames a second and the method makes "
            f"{float(fps):g}. Open it with fps={float(fps):g}."
        )


def _size(pictures: NDArray[np.uint8]) -> str:
    height, width = pictures.shape[1:3]
    return f"{width} x {height} px"
