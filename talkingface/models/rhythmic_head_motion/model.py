"""Rhythmic_Head_Motion as a method: portraits speak, and move their heads as people do.

Paper: "Talking-head Generation with Rhythmic Head Motion", ECCV 2020, arXiv:2007.08547. `lips` and
`head` say what happens, `generator` draws it, `learning` is what training adds.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from torch import Tensor, nn

from talkingface.clip import Clip
from talkingface.face.align.view import View
from talkingface.face.judges import JUDGED_LOSSES
from talkingface.job import Job
from talkingface.media.strip import Panels
from talkingface.models.base import Batch, Preparation, PublishedWeights
from talkingface.models.rhythmic_head_motion.acting_model import ACTING_PHASES, ActingModel
from talkingface.models.rhythmic_head_motion.assembly import generator_of
from talkingface.models.rhythmic_head_motion.drawing import Painter
from talkingface.models.rhythmic_head_motion.examples import (
    PicturePreparation,
    RhythmicPreparation,
    shrunk_for,
)
from talkingface.models.rhythmic_head_motion.initialization import initialize
from talkingface.models.rhythmic_head_motion.panels import panels_of
from talkingface.models.rhythmic_head_motion.picture_learning import (
    GROWING_PHASES,
    PictureLearning,
)
from talkingface.models.rhythmic_head_motion.rhythmic_config import RhythmicSettings, RhythmicSizes
from talkingface.models.rhythmic_head_motion.script import Script, script_of
from talkingface.models.rhythmic_head_motion.sitting import Sitter
from talkingface.models.rhythmic_head_motion.weights import FILES, HEAD_MOTION_FILE

# Nobody published what hears lips, and what hears the head is a file of its own.
PUBLISHED = PublishedWeights(
    FILES,
    RhythmicSizes(lips="rules"),
    without={HEAD_MOTION_FILE: RhythmicSizes(lips="rules", head="rules")},
)
PICTURE_PHASES = (*GROWING_PHASES, "generator", "personal", "discriminator")


class RhythmicHeadMotion(ActingModel):
    """Lips and head from speech or from others; the picture from references."""

    view: ClassVar[View] = "head"
    phases: ClassVar[tuple[str, ...]] = (*ACTING_PHASES, *PICTURE_PHASES)
    loss_names: ClassVar[tuple[str, ...]] = (
        *ActingModel.loss_names,
        *("face_l1", "mask_l1", "patches", "edges", "flow", "warp", "mask"),
        *("gan", "features", "real", "fake"),
        *JUDGED_LOSSES,
    )
    training_only: ClassVar[tuple[str, ...]] = ("critics.*", "learning.*")
    published: ClassVar[PublishedWeights] = PUBLISHED
    settings: RhythmicSettings

    def __init__(self, settings: RhythmicSettings) -> None:
        super().__init__(settings)
        self.generator = generator_of(settings.network)
        self.learning: PictureLearning | None = None

    @property
    def networks(self) -> Mapping[str, nn.Module]:
        """The networks by name; the generator in its parts."""
        parts: dict[str, nn.Module] = {
            **super().networks,
            "few_shot": self.generator.few_shot,
            "flows": self.generator.flows,
            "embeddings": self.generator.embeddings,
        }
        if self.learning is not None:
            parts["discriminator"] = self.learning.adversary
        return parts

    def start_training(self, clips: Sequence[Clip], teachers: Mapping[str, nn.Module]) -> None:
        """Add the discriminator and what acting needs; draw the weights to begin from."""
        super().start_training(clips, teachers)
        self.learning = PictureLearning(self.settings, teachers)
        if self.settings.initialization == "published":
            initialize(self.generator)
            initialize(self.learning.adversary)

    def preparation_for(self, phases: Sequence[str]) -> Preparation:
        """Return what draws the examples that these phases learn from."""
        acting = self.acting_preparation(phases) if set(phases) & set(ACTING_PHASES) else None
        drawing = [one for one in phases if one in PICTURE_PHASES]
        pictures = None
        if drawing:
            settings = shrunk_for(drawing, self.settings)
            pictures = PicturePreparation(settings, is_personal="personal" in phases)
        return RhythmicPreparation(acting, pictures)

    def losses(self, phase: str, batch: Batch) -> dict[str, Tensor]:
        """Return the losses of a phase by name."""
        if phase in ACTING_PHASES:
            return super().losses(phase, batch)
        assert self.learning is not None, "training begins with start_training"
        return self.learning.losses(self.generator, phase, batch)

    def parameters_of(self, phase: str) -> Iterator[nn.Parameter]:
        """Yield what a phase updates: of one person, not all of the generator."""
        if phase in ACTING_PHASES:
            yield from super().parameters_of(phase)
        elif phase == "discriminator":
            yield from self.networks["discriminator"].parameters()
        elif phase == "personal":
            yield from self.generator.personal_parameters()
        else:
            yield from self.generator.parameters()

    def generate(self, job: Job) -> Iterator[Tensor]:
        """Yield the person of the portraits, saying the speech and moving the head."""
        sitter = Sitter.of(job, self.settings)
        script = self.script(job, sitter)  # before the references, for the memory that both take
        for drawn in Painter(self.generator, sitter, self.settings).drawn(script):
            yield drawn.composed.image

    def panels(self, job: Job) -> Panels:
        """Return what the authors' program shows beside a video; it draws the video once more."""
        sitter = Sitter.of(job, self.settings)
        painter = Painter(self.generator, sitter, self.settings)
        return panels_of(job, sitter, painter.drawn(self.script(job, sitter), with_raw=True))

    def script(self, job: Job, sitter: Sitter) -> Script:
        """Return what is to be drawn of a job."""
        acting = self.actor.act(job, sitter.face, self.num_frames(job))
        return script_of(job, sitter, acting, self.settings)
