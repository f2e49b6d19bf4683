"""Speech2Talking_Face as a method: speech gives the face and moves it, a video turns the head.

Y. Sun et al., IJCAI 2021. No portrait is needed. All that PC_AVS does too stands there.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from talkingface.clip import Speech
from talkingface.data.examples.strangers import FIRST_STRANGER
from talkingface.data.synth import neutral_factors, person, render
from talkingface.errors import DataError
from talkingface.job import Job
from talkingface.media.features.identity_window import identity_window, spread_windows
from talkingface.media.features.mel import SILENT_RMS, Mel, mel_spectrogram
from talkingface.media.strip import Panels
from talkingface.models.base import PublishedWeights
from talkingface.models.pc_avs.assembly import identity_width
from talkingface.models.pc_avs.drawing import SPEECH_RATE_HZ, frames_of, to_size
from talkingface.models.pc_avs.model import PCAVS
from talkingface.models.pc_avs.panels import panels_of
from talkingface.models.pc_avs.voice_config import (
    Speech2TalkingFaceSettings,
    Speech2TalkingFaceSizes,
)
from talkingface.models.pc_avs.voice_examples import VoicePreparation
from talkingface.models.pc_avs.voice_learning import VoiceLearning
from talkingface.models.pc_avs.weights import SPEECH2TALKING_FACE

NUM_NEUTRAL = 8  # drawn people whose mean pose is that of a head which no video moves

logger = logging.getLogger(__name__)


class Speech2TalkingFace(PCAVS):
    """Face and lips from speech, head pose from a video."""

    phases = ("start", "voice", *PCAVS.phases)
    loss_names = (
        *("start", "seen_people", "heard_people", "voice_to_face", "voice_to_centroid"),
        *PCAVS.loss_names,
    )
    published = PublishedWeights(SPEECH2TALKING_FACE, Speech2TalkingFaceSizes())
    settings: Speech2TalkingFaceSettings

    def new_learning(self, num_people: int, teachers: Mapping[str, nn.Module]) -> VoiceLearning:
        """Return what training has beside the networks."""
        width = identity_width(self.settings.network)
        return VoiceLearning(self.settings, num_people, width, teachers)

    def starting_tensors(self, tensors: Mapping[str, Tensor]) -> Mapping[str, Tensor]:
        """Return tensors to start from; in those of PC_AVS, who it is was seen and not heard."""
        start = "network.generator.input.input"
        if start in tensors:
            return tensors
        renamed = {
            name.replace("network.identity_encoder.", "learning.portrait_encoder."): tensor
            for name, tensor in tensors.items()
        }
        return {**renamed, start: self.state_dict()[start]}

    def preparation_for(self, phases: Sequence[str]) -> VoicePreparation:
        """Return what draws the examples that these phases learn from."""
        return VoicePreparation(
            **vars(super().preparation_for(phases)),
            voice_units=self.settings.network.voice_units,
            speaks_further=self.settings.voices == "spoken" and "voice" in phases,
        )

    def generate(self, job: Job) -> Iterator[Tensor]:
        """Yield a face that suits the voice, saying the speech in the poses of the pose video."""
        size, device = self.settings.network.image_px, next(self.parameters()).device
        windows = torch.from_numpy(self.heard_windows(job.speech)).to(device)
        identity = self.network.identify(windows[None])
        rest = self.network.resting_pose_code(neutral_faces(size).to(device)[None])
        if "pose" not in job.controls:
            logger.info("No video turns the head of %s: it looks straight ahead.", job.name)
        yield from frames_of(self.network, job, self.settings, identity, rest)

    def panels(self, job: Job) -> Panels:
        """Return what the authors' program shows beside a video: no portrait."""
        return panels_of(job, self.settings, portrait_is_shown=False)

    def heard_windows(self, speech: Speech) -> Mel:
        """Return the windows of speech (W, rows, 80) that give the face.

        Raises:
            DataError: The speech is silent.
        """
        waveform = speech.read(SPEECH_RATE_HZ)
        if not np.sqrt(np.mean(waveform**2)) > SILENT_RMS:
            raise DataError(
                "The speech is silent, so no face can be inferred from it. Give speech that can "
                "be heard."
            )
        mel, units = mel_spectrogram(waveform), self.settings.network.voice_units
        if self.settings.voice == "published":
            return identity_window(mel, units).rows[None]
        return spread_windows(mel, units, self.settings.voice_windows)


def neutral_faces(size: int) -> Tensor:
    """Return drawn people who look straight ahead, (N, 3, size, size)."""
    people = [person(FIRST_STRANGER + number) for number in range(NUM_NEUTRAL)]
    (still,) = neutral_factors()
    return to_size([render(one, still, size) for one in people], size)
