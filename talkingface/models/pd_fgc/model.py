"""PD_FGC as a method: a portrait speaks, and four videos move its head, lids, eyes and face.

D. Wang et al., CVPR 2023. `network` holds the networks, `driving` says whom each factor follows,
`learning` what training adds to them.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from talkingface.clip import Clip
from talkingface.face.judges import JUDGED_LOSSES
from talkingface.job import Job
from talkingface.media.features.level import levelling
from talkingface.media.features.mel import mel_spectrogram, num_rows
from talkingface.media.features.windows import mouth_windows
from talkingface.media.strip import Panels
from talkingface.models.base import PublishedWeights, check_timing
from talkingface.models.pd_fgc.assembly import network_of
from talkingface.models.pd_fgc.config import PDFGCSettings, PDFGCSizes
from talkingface.models.pd_fgc.courses import Heard, Hearing
from talkingface.models.pd_fgc.driving import Director
from talkingface.models.pd_fgc.examples import PDFGCPreparation
from talkingface.models.pd_fgc.factors import motion_width
from talkingface.models.pd_fgc.learning import PDFGCLearning
from talkingface.models.pd_fgc.live import LivePDFGC, PassingSpeech
from talkingface.models.pd_fgc.network import PDFGCNetwork
from talkingface.models.pd_fgc.panels import panels_of
from talkingface.models.pd_fgc.reading import MOTION, MOTION_ENCODER, MotionReader, driver_of
from talkingface.models.pd_fgc.timing import Schedule
from talkingface.models.pd_fgc.weights import FILES
from talkingface.models.style_model import StyleModel
from talkingface.nn.contrast import SPEECH_LOSSES
from talkingface.nn.growing_pictures import DRAWING_LOSSES
from talkingface.nn.identity_encoder import Identity
from talkingface.nn.pictures import resized, to_frames
from talkingface.nn.windows import windows

SPEECH_RATE_HZ = 16_000


class PDFGC(StyleModel):
    """Lips from speech; head pose, blink, gaze and emotion each from a video of their own."""

    phases: ClassVar[tuple[str, ...]] = (
        "identity",
        "unified",
        "motion",
        "lips",
        "eyes",
        "pose",
        "expression",
        "quarter_size",
        "half_size",
        "full_size",
        "generator",
        "discriminator",
    )
    loss_names: ClassVar[tuple[str, ...]] = (
        *("identity", "eyes", "pose", "blink", "gaze", "emotion", "lip_shape"),
        *("decorrelation", "consistency", "lip_consistency"),
        *SPEECH_LOSSES,
        *DRAWING_LOSSES,
        *JUDGED_LOSSES,
    )
    published: ClassVar[PublishedWeights] = PublishedWeights(
        FILES, PDFGCSizes(angle_codes=False), take_angles=False
    )
    settings: PDFGCSettings
    network: PDFGCNetwork

    def __init__(self, settings: PDFGCSettings) -> None:
        super().__init__(settings, network_of(settings.network))

    @property
    def own_networks(self) -> Mapping[str, nn.Module]:
        """The networks that draw, by name; the motion encoder in its parts."""
        encoder = self.network.motion_encoder
        return {
            "appearance_encoder": self.network.appearance_encoder,
            "speech_encoder": self.network.speech_encoder,
            "motion_encoder": encoder.model,
            "generator": self.network.generator,
            **{name: one for name, one in encoder.named_children() if name != "model"},
        }

    def new_learning(self, num_people: int, teachers: Mapping[str, nn.Module]) -> PDFGCLearning:
        """Return what training has beside the networks."""
        width = self.network.appearance_encoder.model.out_channels
        return PDFGCLearning(self.settings, num_people, width, teachers)

    def preparation_for(self, phases: Sequence[str]) -> PDFGCPreparation:
        """Return what draws the examples that these phases learn from."""
        settings = self.settings
        return PDFGCPreparation(
            phases=frozenset(phases),
            image_px=settings.network.image_px,
            references=settings.references,
            clip_frames=settings.clip_frames,
            expression_frames=settings.expression_frames,
            people=self._people,
            draws_drivers=settings.drivers == "drawn",
            seen_lips=settings.seen_lips,
        )

    def generate(self, job: Job) -> Iterator[Tensor]:
        """Yield the person of the portraits, saying the speech and moving as the controls say."""
        appearance, noise = self.appearance(job), self._noise()
        for motion in self.motions(job):
            yield self.network.draw(appearance, motion, noise)

    def live(self, job: Job) -> LivePDFGC:
        """Return the person of the portraits, ready to say what comes and moving as ever."""
        check_timing(self.settings.sync)
        appearance, noise, hearing = self.appearance(job), self._noise(), PassingSpeech()
        director = self._director(job, hearing, Schedule.endless())
        return LivePDFGC(
            director, hearing, lambda motion: self.network.draw(appearance, motion, noise)
        )

    def appearance(self, job: Job) -> Identity:
        """Return whom the portraits of a job show."""
        size = self.settings.network.image_px
        portraits = [resized(one, size) for one in job.portraits[: self.settings.references]]
        references = to_frames(np.stack(portraits)).to(self._drawing_device)  # (R, 3, H, W)
        appearance: Identity = self.network.appearance_encoder(references[None])
        return appearance

    def motions(self, job: Job) -> Iterator[Tensor]:
        """Yield what the face of a job does, in windows (T, M) of the motion."""
        waveform = job.speech.read(SPEECH_RATE_HZ)
        mel = mel_spectrogram(waveform, levelling(self.settings.level))
        schedule = self._schedule(job)
        director = self._director(job, partial(mouth_windows, mel), schedule)
        size, at_once = self.settings.network.image_px, self.settings.frames_at_once
        for frames in windows(range(schedule.num_frames), size, self._drawing_device, at_once):
            yield director.motion(frames)

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
    def _drawing_device(self) -> torch.device:
        return next(self.network.parameters()).device

    @property
    def _reader(self) -> MotionReader:
        return MotionReader(self.network.motion_encoder, self.settings.network.image_px)

    def _schedule(self, job: Job) -> Schedule:
        if self.settings.sync == "published":
            return Schedule.published(num_rows(len(job.speech.read(SPEECH_RATE_HZ))))
        return Schedule(super().num_frames(job))

    def _director(self, job: Job, hearing: Hearing, schedule: Schedule) -> Director:
        gain = self.settings.network.lip_gain
        heard = Heard(self.network.speech_encoder, hearing, schedule, gain, self._drawing_device)
        return Director(self._reader, heard, self.settings, job, schedule)

    def _noise(self) -> Sequence[Tensor] | None:
        if self.settings.noise == "none":
            return None
        if self.settings.noise == "buffer":
            return self.network.generator.kept_noise()
        random = torch.Generator().manual_seed(self.settings.noise_seed)  # the same on every device
        return self.network.generator.draw_noise(random)
