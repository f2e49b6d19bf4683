"""What a dataset must be able to do: name its clips by split, and make what is missing."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from talkingface.clip import Clip
from talkingface.config.settings import DatasetSettings, Split
from talkingface.errors import UsageError
from talkingface.job import Job

if TYPE_CHECKING:
    from talkingface.data.preparation.options import PreparationOptions
    from talkingface.data.preparation.plan import Preparation

Progress = Callable[[int, int], None]  # called with how many are done, and of how many


class TalkingFaceDataset(ABC):
    """Clips by split. Nothing is decoded before a clip is asked for its frames or its sound."""

    def __init__(self, settings: DatasetSettings, seed: int, licence: str = "") -> None:
        self.settings = settings
        self.seed = seed
        self.licence = licence  # of the clips, and so of weights that are trained on them

    @abstractmethod
    def prepare(self, progress: Progress) -> None:
        """Make what the clips need and is not there yet; do nothing where all is there."""

    @abstractmethod
    def clips(self, split: Split) -> Sequence[Clip]:
        """Return the clips of a split, always in the same order.

        Raises:
            DataError: They are not on the disk; says where they should be, and in what layout.
        """

    @abstractmethod
    def fingerprint(self) -> str:
        """Return a short text that is another one whenever the clips are others."""

    def pairs(self, split: Split) -> Sequence[tuple[Job, Clip]]:
        """Return jobs in which other people drive a face, each with what a perfect method makes.

        Raises:
            UsageError: Nobody knows how these clips would look if others drove them.
        """
        del split
        raise UsageError(
            f"{self.settings.name} does not know how a face would look that others drive. Choose "
            "SynthTalk, whose truth is drawn, or --evaluate.protocol=cross_identity."
        )

    def preparation(self, options: "PreparationOptions") -> "Preparation":
        """Return how raw material becomes files of this dataset.

        Raises:
            UsageError: It is not made of raw material, or an option means nothing for it.
        """
        del options
        raise UsageError(
            f"{self.settings.name} is not made of raw material. Leave --input out, or choose "
            "PC_AVSDataset, PD_FGCDataset or Rhythmic_Head_MotionDataset."
        )
