"""PD_FGC as a method: a portrait speaks, and four videos move its head, lids, eyes and face.

D. Wang et al., CVPR 2023. `network` holds the networks, `driving` says whom each factor follows.
"""

import logging
from collections.abc import Iterator, Sequence
from typing import ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from talkingface.clip import Clip
from talkingface.job import Job
from talkingface.media.features.mel import Mel, mel_spectrogram, num_rows
from talkingface.media.strip import Panels
from talkingface.models.base import PublishedWeights, TalkingFaceModel
from talkingface.models.pd_fgc.config import PDFGCSettings, PDFGCSizes
from talkingface.models.pd_fgc.courses import Heard
from talkingface.models.pd_fgc.driving import Director
from talkingface.models.pd_fgc.factors import motion_width
from talkingface.models.pd_fgc.motion_encoder import MotionEncoder
from talkingface.models.pd_fgc.network import PDFGCNetwork
from talkingface.models.pd_fgc.panels import panels_of
from talkingface.models.pd_fgc.reading import MOTION, MOTION_ENCODER, MotionReader, driver_of
from talkingface.models.pd_fgc.speech_encoder import SpeechEncoder
from talkingface.models.pd_fgc.timing import Schedule
from talkingface.models.pd_fgc.weights import FILES
from talkingface.nn.identity_encoder import Identity, IdentityEncoder
from talkingface.nn.pictures import resized, to_frames
from talkingface.nn.style_generator import StyleGenerator

SPEECH_RATE_HZ = 16_000
logger = logging.getLogger(__name__)


class PDFGC(TalkingFaceModel):
    """Lips from speech; head pose, blink, gaze and emotion each from a video of their own."""

    published: ClassVar[PublishedWeights] = PublishedWeights(FILES, PDFGCSizes(angle_codes=False))
    settings: PDFGCSettings

    def __init__(self, settings: PDFGCSettings) -> None:
        super().__init__(settings)
        self.network = network_of(settings.network)

    def generate(self, job: Job) -> Iterator[Tensor]:
        """Yield the person of the portraits, saying the speech and moving as the controls say."""
        appearance, noise = self.appearance(job), self._noise()
        for motion in self.motions(job):
            yield self.network.draw(appearance, motion, noise)

    def appearance(self, job: Job) -> Identity:
        """Return whom the portraits of a job show."""
        size = self.settings.network.image_px
        portraits = [resized(one, size) for one in job.portraits[: self.settings.references]]
        references = to_frames(np.stack(portraits)).to(self._device)[None]  # (1, R, 3, H, W)
        appearance: Identity = self.network.appearance_encoder(references)
        return appearance

    def motions(self, job: Job) -> Iterator[Tensor]:
        """Yield what the face of a job does, in windows (T, M) of the motion."""
        mel = mel_spectrogram(job.speech.read(SPEECH_RATE_HZ))
        if not mel.any():
            logger.warning("The speech of %s is silent, so its lips say nothing.", job.name)
        schedule = self._schedule(job)
        director = self._director(job, mel, schedule)
        for start in range(0, schedule.num_frames, self.settings.frames_at_once):
            stop = min(start + self.settings.frames_at_once, schedule.num_frames)
            yield director.motion(range(start, stop))

    def panels(self, job: Job) -> Panels:
        """Return what the authors' program shows beside a video."""
        return panels_of(job, self.settings, self._schedule(job))

    def num_frames(self, job: Job) -> int:
        """Return how many frames are drawn: as many as the speech lasts, or four fewer."""
        return self._schedule(job).num_frames

    def motion_of(self, clip: Clip) -> dict[str, NDArray[np.float32]]:
        """Return what a clip must know to drive without its pictures, each array by its name."""
        width = motion_width(self.settings.network.lip_width, self.settings.network.emotion_width)
        num_frames = 0 if clip.frames is None else len(clip.frames)
        driver = driver_of(self._reader, clip, range(width), num_frames)
        motion = driver.at(np.arange(num_frames))
        return {MOTION: motion.cpu().numpy(), MOTION_ENCODER: self._reader.fingerprint()}

    @property
    def _device(self) -> torch.device:
        return next(self.network.parameters()).device

    @property
    def _reader(self) -> MotionReader:
        return MotionReader(self.network.motion_encoder, self.settings.network.image_px)

    def _schedule(self, job: Job) -> Schedule:
        if self.settings.sync == "published":
            return Schedule.published(num_rows(len(job.speech.read(SPEECH_RATE_HZ))))
        return Schedule(super().num_frames(job))

    def _director(self, job: Job, mel: Mel, schedule: Schedule) -> Director:
        gain = self.settings.network.lip_gain
        heard = Heard(self.network.speech_encoder, mel, schedule, gain, self._device)
        return Director(self._reader, heard, self.settings, job, schedule)

    def _noise(self) -> Sequence[Tensor] | None:
        if self.settings.noise == "none":
            return None
        if self.settings.noise == "buffer":
            return self.network.generator.kept_noise()
        random = torch.Generator().manual_seed(self.settings.noise_seed)  # the same on every device
        return self.network.generator.draw_noise(random)


def network_of(sizes: PDFGCSizes) -> PDFGCNetwork:
    """Return new networks of these sizes."""
    appearance_encoder = IdentityEncoder(
        channels=sizes.appearance_channels,
        depths=sizes.appearance_depths,
        groups=sizes.appearance_groups,
        group_width=sizes.appearance_group_width,
        last_stride=sizes.appearance_last_stride,
        map_channels=sizes.generator_channels[0],
        map_size=sizes.start_px,
    )
    motion = motion_width(sizes.lip_width, sizes.emotion_width)
    return PDFGCNetwork(
        appearance_encoder,
        MotionEncoder(
            picture_size=sizes.image_px,
            features=sizes.features,
            lip_width=sizes.lip_width,
            emotion_width=sizes.emotion_width,
            channels=sizes.motion_channels,
        ),
        SpeechEncoder(
            features=sizes.features,
            lip_width=sizes.lip_width,
            channels=sizes.speech_channels,
            depths=sizes.speech_depths,
        ),
        StyleGenerator(
            style_width=appearance_encoder.model.out_channels + motion,
            channels=sizes.generator_channels,
            start_size=sizes.start_px,
        ),
    )
