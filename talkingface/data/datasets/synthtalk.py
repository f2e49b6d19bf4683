"""SynthTalk as a dataset: made from its seed where it is missing, then read."""

from collections.abc import Sequence
from pathlib import Path

from talkingface.clip import Clip
from talkingface.config.settings import Split
from talkingface.data.base import Progress, TalkingFaceDataset
from talkingface.data.datasets.settings import SynthTalkSettings
from talkingface.data.synth.corpus import fingerprint, load_split, make_corpus


class SynthTalk(TalkingFaceDataset):
    """The rendered corpus. Each size, picture size and seed has a folder of its own."""

    settings: SynthTalkSettings

    @property
    def folder(self) -> Path:
        """Where this corpus lies."""
        name = f"{self.settings.size}-{self.settings.image_px}px-seed{self.seed}"
        return Path(self.settings.folder) / name

    def prepare(self, progress: Progress) -> None:
        """Draw the clips that are missing."""
        make_corpus(
            self.folder,
            size=self.settings.size,
            seed=self.seed,
            image_px=self.settings.image_px,
            workers=self.settings.workers,
            progress=progress,
        )

    def clips(self, split: Split) -> Sequence[Clip]:
        """Return the clips of a split."""
        return load_split(self.folder, split)

    def fingerprint(self) -> str:
        """Return the fingerprint in the corpus's manifest."""
        return fingerprint(self.folder)
