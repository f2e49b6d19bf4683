"""PC_AVS as a method: a portrait speaks, and holds its head as in a video.

H. Zhou et al., CVPR 2021. `network` holds the networks, `learning` what training adds to them.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

import torch
from torch import Tensor, nn

from talkingface.clip import Clip
from talkingface.job import Job
from talkingface.models.base import Batch, TalkingFaceModel
from talkingface.models.pc_avs.config import PCAVSSettings, PCAVSSizes
from talkingface.models.pc_avs.drawing import frames_of, shown_frames
from talkingface.models.pc_avs.examples import PCAVSPreparation, numbered
from talkingface.models.pc_avs.identity_encoder import IdentityEncoder
from talkingface.models.pc_avs.learning import PCAVSLearning
from talkingface.models.pc_avs.network import PCAVSNetwork
from talkingface.models.pc_avs.non_identity_encoder import NonIdentityEncoder
from talkingface.models.pc_avs.speech_encoder import SpeechEncoder
from talkingface.nn.style_generator import StyleGenerator


class PCAVS(TalkingFaceModel):
    """Lips from speech, head pose from another video."""

    phases = (
        "identity",
        "motion",
        "quarter_size",
        "half_size",
        "full_size",
        "generator",
        "discriminator",
    )
    training_only: ClassVar[tuple[str, ...]] = ("learning.*",)
    settings: PCAVSSettings

    def __init__(self, settings: PCAVSSettings) -> None:
        super().__init__(settings)
        self.network = network_of(settings.network)
        self.learning: PCAVSLearning | None = None
        self._people: Mapping[str, int] = {}

    @property
    def networks(self) -> Mapping[str, nn.Module]:
        """The networks by name; the encoder of mouth and pose in its parts."""
        encoder = self.network.non_identity_encoder
        parts: dict[str, nn.Module] = {
            "identity_encoder": self.network.identity_encoder,
            "speech_encoder": self.network.speech_encoder,
            "motion_encoder": encoder.model,
            "to_mouth": encoder.to_mouth,
            "mouth_embed": encoder.mouth_embed,
            "to_headpose": encoder.to_headpose,
            "headpose_embed": encoder.headpose_embed,
            "generator": self.network.generator,
        }
        if self.learning is not None:
            parts |= {
                "people": self.learning.people,
                "factor_head": self.learning.factor_head,
                "discriminator": self.learning.adversary,
            }
        return parts

    def start_training(self, clips: Sequence[Clip], teachers: Mapping[str, nn.Module]) -> None:
        """Add the discriminator, a class for each person, and what reads the pose code."""
        self._people = numbered(clips)
        width = 32 * self.settings.network.identity_channels
        self.learning = PCAVSLearning(self.settings, len(self._people), width, teachers)
        for name, part in self.networks.items():
            if name != "generator":  # its filters have a fifth axis; its input says the format
                part.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    @property
    def preparation(self) -> PCAVSPreparation:
        """What is made of a clip before the networks see it."""
        return self.preparation_for(self.phases)

    def preparation_for(self, phases: Sequence[str]) -> PCAVSPreparation:
        """Return what draws the examples that these phases learn from."""
        return PCAVSPreparation(
            phases=frozenset(phases),
            image_px=self.settings.network.image_px,
            references=self.settings.references,
            clip_frames=self.settings.clip_frames,
            people=self._people,
            draws_poses=self.settings.pose_pictures == "drawn",
        )

    def losses(self, phase: str, batch: Batch) -> dict[str, Tensor]:
        """Return the losses of a phase by name."""
        assert self.learning is not None, "training begins with start_training"
        return self.learning.losses(self.network, phase, batch)

    def parameters_of(self, phase: str) -> Iterator[nn.Parameter]:
        """Yield the discriminator's parameters for its phase, all others for the others."""
        assert self.learning is not None, "training begins with start_training"
        rivals = {id(one) for one in self.learning.adversary.parameters()}
        for parameter in self.parameters():
            if (id(parameter) in rivals) == (phase == "discriminator"):
                yield parameter

    def generate(self, job: Job) -> Iterator[Tensor]:
        """Yield the person of the portraits, saying the speech in the poses of the pose video."""
        return frames_of(self.network, job, self.settings)

    def num_frames(self, job: Job) -> int:
        """Return how many frames are drawn: as many as the speech lasts, or four fewer."""
        return len(shown_frames(job.speech, self.settings.sync))


def network_of(sizes: PCAVSSizes) -> PCAVSNetwork:
    """Return new networks of these sizes."""
    map_channels = sizes.generator_channels[0]
    identity_encoder = IdentityEncoder(
        channels=sizes.identity_channels,
        depths=sizes.identity_depths,
        groups=sizes.identity_groups,
        group_width=sizes.identity_group_width,
        last_stride=sizes.identity_last_stride,
        map_channels=map_channels,
        map_size=sizes.start_px,
    )
    identity_width = identity_encoder.model.out_channels
    return PCAVSNetwork(
        identity_encoder,
        SpeechEncoder(
            features=sizes.features, channels=sizes.speech_channels, depths=sizes.speech_depths
        ),
        NonIdentityEncoder(
            picture_size=sizes.image_px,
            features=sizes.features,
            mouth_width=sizes.mouth_width,
            pose_width=sizes.pose_width,
            channels=sizes.motion_channels,
            dropout=sizes.motion_dropout,
        ),
        StyleGenerator(
            style_width=identity_width + sizes.mouth_width + sizes.pose_width,
            channels=sizes.generator_channels,
            start_size=sizes.start_px,
        ),
    )
