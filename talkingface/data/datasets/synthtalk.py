"""SynthTalk as a dataset: made from its seed where it is missing, then read."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from talkingface.clip import Clip
from talkingface.config.settings import Split
from talkingface.data.base import Progress, TalkingFaceDataset
from talkingface.data.datasets.settings import SynthTalkSettings
from talkingface.data.synth.corpus import fingerprint, load_split, make_corpus
from talkingface.data.synth.driving import pairs
from talkingface.data.synth.recipe import SIZES, SynthTalkSizes
from talkingface.job import Job


class SynthTalk(TalkingFaceDataset):
    """The rendered corpus. All settings that change a clip are in the name of its folder."""

    settings: SynthTalkSettings

    @property
    def folder(self) -> Path:
        """Where this corpus lies."""
        chosen = self.settings
        name = f"{chosen.size}-{chosen.image_px}px-seed{self.seed}"
        if chosen.train_clips is not None:
            name += f"-train{chosen.train_clips}"
        if chosen.voice != "formant":
            name += f"-{chosen.voice}"
        if chosen.microphone:
            name += "-microphone"
        if chosen.shows != "face":
            name += f"-{chosen.shows}"
        return Path(chosen.folder) / name

    @property
    def sizes(self) -> SynthTalkSizes:
        """How much of it is made, and who speaks."""
        chosen, named = self.settings, SIZES[self.settings.size]
        train = named.train if chosen.train_clips is None else chosen.train_clips
        return replace(named, train=train, voice=chosen.voice, microphone=chosen.microphone)

    def prepare(self, progress: Progress) -> None:
        """Draw the clips that are missing."""
        make_corpus(
            self.folder,
            size=self.sizes,
            seed=self.seed,
            image_px=self.settings.image_px,
            workers=self.settings.workers,
            progress=progress,
            shows=self.settings.shows,
        )

    def clips(self, split: Split) -> Sequence[Clip]:
        """Return the clips of a split."""
        return load_split(self.folder, split)

    def pairs(self, split: Split) -> Sequence[tuple[Job, Clip]]:
        """Return a job for each clip of a split: its face, driven by others; and the answer."""
        return [(pair.job, pair.answer) for pair in pairs(self.folder, split, self.seed)]

    def fingerprint(self) -> str:
        """Return the fingerprint in the corpus's manifest."""
        return fingerprint(self.folder)
