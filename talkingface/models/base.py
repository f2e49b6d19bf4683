"""What a method must be able to do for the engine to train, run and score it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from talkingface.clip import Clip
from talkingface.config.settings import ModelSettings
from talkingface.errors import UsageError
from talkingface.face.align.view import View
from talkingface.job import Job
from talkingface.media.features.framing import Samples
from talkingface.media.features.passage import Passage
from talkingface.media.strip import Panel, Panels

Prepared = Mapping[str, Any]  # what a method keeps of a clip: arrays, and sources of frames
Example = Mapping[str, NDArray[Any]]  # one training example; a batch stacks them
Batch = Mapping[str, Tensor]  # (B, ...) each


class Preparation(ABC):
    """What a method makes of a clip before its networks see it.

    It holds sizes and no tensors, so that it can be sent to the processes that read the data.
    """

    @abstractmethod
    def prepare(self, clip: Clip) -> Prepared:
        """Return what the method needs of a clip: the same for training, scoring and generation.

        Raises:
            DataError: The clip lacks something, or cannot be read.
        """

    @abstractmethod
    def example(self, prepared: Prepared, chance: np.random.Generator) -> Example:
        """Return one example for training, drawn from a prepared clip."""


def _unchanged(published: str) -> str:
    return published


@dataclass(frozen=True)
class PublishedFile:
    """A file that a method's authors published: whose tensors are in it, and under which names.

    Attributes:
        network: the part of the method that they belong to, such as ``network.generator``.
        own_name: from a published name to ours within that part.
        unused: patterns of published names. Nothing is computed from these tensors.
        heads: our names and the published shapes of what training alone uses. Where a file holds
            them otherwise, or not at all, it is said and does no harm.
        may_hold_more: whether tensors of other names are left out, as by the authors' program.
    """

    network: str
    own_name: Callable[[str], str] = _unchanged
    unused: tuple[str, ...] = ()
    heads: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    may_hold_more: bool = False


@dataclass(frozen=True)
class PublishedWeights:
    """What a method's authors published: the files, and the sizes of the networks in them.

    Attributes:
        files: by name. All are needed but those in `without`.
        sizes: what the method's settings have as `network`.
        without: the sizes where a file is not there that can be done without, by its name.
        take_angles: whether a control can be held at angles with them, as with weights of our own.
    """

    files: Mapping[str, PublishedFile]
    sizes: Any
    without: Mapping[str, Any] = field(default_factory=dict)
    take_angles: bool = True

    def sizes_with(self, there: Collection[str]) -> Any:  # noqa: ANN401  the method's own class
        """Return the sizes of the networks in the files that are there."""
        lacking = (sizes for name, sizes in self.without.items() if name not in there)
        return next(lacking, self.sizes)


@dataclass(frozen=True)
class Export:
    """A part of a method that other programs can run: tensors in, tensors out.

    Attributes:
        compute: what it computes.
        network: the module whose tensors it computes with.
        inputs: two examples of each tensor that goes in, (2, ...), by name.
        outputs: names of the tensors that come out.
        meaning: what goes in and what comes out, one sentence.
    """

    compute: Callable[..., Any]
    network: nn.Module
    inputs: Mapping[str, Tensor]
    outputs: tuple[str, ...]
    meaning: str


class LiveFace(ABC):
    """A portrait that is ready to say what comes, at 25 frames a second.

    What depends on the portrait alone is computed when it is made. Frames do not depend on how many
    are drawn together, nor on how the sound was cut into pieces.

    Attributes:
        heard_before: samples at 16 kHz that a frame hears, up to where it begins.
        heard_after: samples from there on: what must have come before it can be drawn.
    """

    heard_before: ClassVar[int]
    heard_after: ClassVar[int]

    def hear(self, samples: NDArray[np.floating]) -> Samples:
        """Return the next samples as `draw` shall have them: once for each piece, in order.

        Pieces are whole blocks of 10 ms, but for the last one of a speech.
        """
        return samples.astype(np.float64)

    @abstractmethod
    def draw(self, speech: Passage, frames: range, first: int) -> Tensor:
        """Return frames (T, 3, H, W) in [-1, 1].

        Args:
            speech: what was heard around them, in its own time.
            frames: which of its frames are drawn, counted from where the speech began.
            first: which frame of the stream the first of them is: drivers go on between speeches.
        """

    def moment(self, place: int) -> Hashable | None:
        """Return all but the speech that the frame of the stream at `place` depends on.

        In silence, two frames of one moment are the same picture. None where no two are.
        """
        del place
        return ()


def check_timing(sync: Literal["corrected", "published"]) -> None:
    """Refuse the authors' timing, which shows lips before they can be heard.

    Raises:
        UsageError: It says what to write.
    """
    if sync == "published":
        raise UsageError(
            "model.sync=published shows lips 80 ms early, which no stream can. "
            "Write model.sync=corrected."
        )


class TalkingFaceModel(nn.Module):
    """A method: networks, losses, and how they turn a job into frames.

    A method opens no file, starts no program and names no device. Its networks are its child
    modules; stages of training call them by name. The baseline that has nothing to learn overrides
    `generate` alone.

    Attributes:
        fps: frames a second that it makes.
        view: how much of a picture it sees; `--align` cuts as much.
        phases: its updates in the order in which one step of training makes them, such as
            ``("generator", "discriminator")``. A regulariser is a phase that comes every k steps.
        loss_names: names of the losses of all its phases, by which settings weigh them; of a method
            that does not say them, weights are not checked.
        training_only: patterns (``adversary.*``) of the tensors that generating does not need; the
            weights that a training exports lack them.
        published: the weights of its authors, where they can be had.
    """

    fps: ClassVar[Fraction] = Fraction(25)
    view: ClassVar[View] = "face"
    phases: ClassVar[tuple[str, ...]] = ()
    loss_names: ClassVar[tuple[str, ...]] = ()
    training_only: ClassVar[tuple[str, ...]] = ()
    published: ClassVar[PublishedWeights | None] = None

    def __init__(self, settings: ModelSettings) -> None:
        super().__init__()
        self.settings = settings

    @abstractmethod
    def generate(self, job: Job) -> Iterator[Tensor]:
        """Yield the video in windows (T, C, H, W) of float RGB in [-1, 1], in order.

        `num_frames(job)` frames in all; memory does not grow with their number.
        """

    def live(self, job: Job) -> LiveFace:
        """Return the person of a job, ready to say what comes; the job's own speech says nothing.

        A method that has it says in its `ModelSpec` how far it looks ahead.

        Raises:
            UsageError: What is asked for cannot be done while the speech is coming.
        """
        raise TypeError(f"{type(self).__name__} looks at the whole speech before it draws.")

    @property
    def networks(self) -> Mapping[str, nn.Module]:
        """Its networks by the names under which settings of training know them."""
        return dict(self.named_children())

    def start_training(self, clips: Sequence[Clip], teachers: Mapping[str, nn.Module]) -> None:
        """Add what training alone needs: a discriminator, a class for each person of the clips.

        Args:
            clips: all that it will learn from.
            teachers: networks that know something already and do not learn, as
                `train.teachers` names them. They are no part of the method.
        """

    def starting_tensors(self, tensors: Mapping[str, Tensor]) -> Mapping[str, Tensor]:
        """Return the tensors of a file to start from under the names that they have here.

        So a method can start from another one, with which it shares networks.
        """
        return tensors

    @property
    def preparation(self) -> Preparation:
        """What is made of a clip before the networks see it."""
        raise TypeError(f"{type(self).__name__} has nothing to learn, so it prepares no clips.")

    def preparation_for(self, phases: Sequence[str]) -> Preparation:
        """Return what is made of a clip where only some of the phases learn from it."""
        del phases
        return self.preparation

    def losses(self, phase: str, batch: Batch) -> dict[str, Tensor]:
        """Return the losses of one phase by name, each a scalar. The trainer weighs and sums."""
        raise TypeError(f"{type(self).__name__} has no phase {phase!r}.")

    def parameters_of(self, phase: str) -> Iterator[nn.Parameter]:
        """Yield what a phase updates: by default everything."""
        del phase
        yield from self.parameters()

    def exports(self) -> Mapping[str, Export]:
        """Return the parts that other programs can run, by name; none unless a method says so."""
        return {}

    def panels(self, job: Job) -> Panels:
        """Return what is shown beside the video of a job: its portrait, and who drives it."""
        shown: dict[str, Panel | None] = {"portrait": job.portraits[0], "generated": None}
        for name, control in job.controls.items():
            if isinstance(control.source, Clip) and control.source.frames is not None:
                shown[name] = control.source.frames
        return Panels(shown)

    def motion_of(self, clip: Clip) -> Mapping[str, NDArray[np.float32]]:
        """Return what a clip must know to drive without its pictures, each array by its name.

        Raises:
            UsageError: The method looks at drivers every time anew.
        """
        raise UsageError(f"{self.settings.name} cannot keep the motion of {clip.name}.")

    def num_frames(self, job: Job) -> int:
        """Return how many frames the speech of a job lasts, at least one."""
        return max(1, round(job.speech.seconds * self.fps))
