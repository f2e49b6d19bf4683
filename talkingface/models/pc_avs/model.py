"""PC_AVS as a method: a portrait speaks, and holds its head as in a video.

H. Zhou et al., CVPR 2021. `network` holds the networks, `learning` what training adds to them.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from torch import Tensor, nn

from talkingface.face.judges import JUDGED_LOSSES
from talkingface.job import Job
from talkingface.media.strip import Panels
from talkingface.models.base import Export, PublishedWeights, check_timing
from talkingface.models.pc_avs.assembly import identity_width, network_of
from talkingface.models.pc_avs.config import PCAVSSettings, PCAVSSizes
from talkingface.models.pc_avs.drawing import Drawing, frames_of, shown_frames, to_size
from talkingface.models.pc_avs.examples import PCAVSPreparation
from talkingface.models.pc_avs.exports import exports_of
from talkingface.models.pc_avs.learning import PCAVSLearning
from talkingface.models.pc_avs.live import LivePCAVS
from talkingface.models.pc_avs.network import PCAVSNetwork
from talkingface.models.pc_avs.panels import panels_of
from talkingface.models.pc_avs.weights import PC_AVS
from talkingface.models.style_model import StyleModel
from talkingface.nn.contrast import SPEECH_LOSSES
from talkingface.nn.growing_pictures import DRAWING_LOSSES
from talkingface.nn.identity_encoder import Identity

logger = logging.getLogger(__name__)


class PCAVS(StyleModel):
    """Lips from speech, head pose from another video."""

    phases: ClassVar[tuple[str, ...]] = (
        "identity",
        "motion",
        "pose",
        "disentangling",
        "quarter_size",
        "half_size",
        "full_size",
        "generator",
        "discriminator",
    )
    loss_names: ClassVar[tuple[str, ...]] = (
        *("identity", "pose", "pose_people", "pose_uniform"),
        *SPEECH_LOSSES,
        *DRAWING_LOSSES,
        *JUDGED_LOSSES,
    )
    published = PublishedWeights(PC_AVS, PCAVSSizes())
    settings: PCAVSSettings
    network: PCAVSNetwork

    def __init__(self, settings: PCAVSSettings) -> None:
        super().__init__(settings, network_of(settings.network))

    @property
    def own_networks(self) -> Mapping[str, nn.Module]:
        """The networks that draw, by name; the encoder of mouth and pose in its parts."""
        encoder = self.network.non_identity_encoder
        return {
            "identity_encoder": self.network.identity_encoder,
            "speech_encoder": self.network.speech_encoder,
            "motion_encoder": encoder.model,
            "to_mouth": encoder.to_mouth,
            "mouth_embed": encoder.mouth_embed,
            "to_headpose": encoder.to_headpose,
            "headpose_embed": encoder.headpose_embed,
            "generator": self.network.generator,
        }

    def new_learning(self, num_people: int, teachers: Mapping[str, nn.Module]) -> PCAVSLearning:
        """Return what training has beside the networks."""
        width = identity_width(self.settings.network)
        return PCAVSLearning(self.settings, num_people, width, teachers)

    def preparation_for(self, phases: Sequence[str]) -> PCAVSPreparation:
        """Return what draws the examples that these phases learn from."""
        return PCAVSPreparation(
            phases=frozenset(phases),
            image_px=self.settings.network.image_px,
            references=self.settings.references,
            clip_frames=self.settings.clip_frames,
            joined_frames=self.settings.joined_frames,
            people=self._people,
            draws_poses=self.settings.pose_pictures == "drawn",
        )

    def generate(self, job: Job) -> Iterator[Tensor]:
        """Yield the person of the portraits, saying the speech in the poses of the pose video."""
        identity, rest = self.seen_person(job)
        yield from frames_of(self.network, job, self.settings, identity, rest)

    def live(self, job: Job) -> LivePCAVS:
        """Return the person of the portraits, ready to say what comes."""
        check_timing(self.settings.sync)
        drawing = Drawing(self.network, job, self.settings, *self.seen_person(job))
        return LivePCAVS(drawing, noise_differs=self.settings.noise == "random")

    def seen_person(self, job: Job) -> tuple[Identity, Tensor]:
        """Return who is in the portraits of a job, and the pose code (1, P) of the head there."""
        size, device = self.settings.network.image_px, next(self.parameters()).device
        used, given = job.portraits[: self.settings.references], len(job.portraits)
        if len(used) < given:
            logger.info(
                "%s: %d of %d portraits give the identity; --model.references=%d takes all.",
                job.name,
                len(used),
                given,
                given,
            )
        references = to_size(used, size).to(device)[None]
        return self.network.identify(references), self.network.resting_pose_code(references)

    def exports(self) -> dict[str, Export]:
        """Return the encoders and the generator."""
        return exports_of(self.network, self.settings)

    def panels(self, job: Job) -> Panels:
        """Return what the authors' program shows beside a video, by its names."""
        return panels_of(job, self.settings)

    def num_frames(self, job: Job) -> int:
        """Return how many frames are drawn: as many as the speech lasts, or four fewer."""
        return len(shown_frames(job.speech, self.settings.sync))
