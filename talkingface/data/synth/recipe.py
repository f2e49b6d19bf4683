"""What a corpus consists of: how many clips of whom saying what, fixed by a seed."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

from talkingface.data.synth.camera import FRAMINGS, Framing, FramingName
from talkingface.data.synth.speech import Voice
from talkingface.errors import ConfigError

SplitName = Literal["train", "val", "test"]
SPLITS: tuple[SplitName, ...] = ("train", "val", "test")
VERSION = 2  # of the drawings and voices: a change that shows makes it one more

_PEOPLE_A_SEED = 1_000_000
_PEOPLE_A_SPLIT = 300_000


@dataclass(frozen=True)
class SynthTalkSizes:
    """How much is made."""

    train: int = 200
    """Clips to train on."""
    val: int = 20
    """Clips to choose by."""
    test: int = 24
    """Clips to score on."""
    clips_per_identity: int = 2
    """Clips of each person; they share face and voice, nothing else."""
    min_seconds: float = 2.0
    """Shortest clip."""
    max_seconds: float = 4.0
    """Longest clip."""
    fps: int = 25
    """Pictures a second."""
    voice: Voice = "formant"
    """Who speaks: `formant` needs nothing, `espeak` its package, `both` takes turns."""
    microphone: bool = False
    """Whether training clips are heard through rooms, noise and telephones."""
    own_voice: bool = True
    """Whether all clips of a person share a voice; else each clip has another."""

    def __post_init__(self) -> None:
        if min(self.train, self.val, self.test) < 0 or self.clips_per_identity < 1:
            raise ConfigError("A SynthTalk corpus needs 0 or more clips, 1 or more of each person.")
        if not 0.2 <= self.min_seconds <= self.max_seconds:
            raise ConfigError(
                f"SynthTalk clips of {self.min_seconds} to {self.max_seconds} seconds cannot be "
                "made: give 0.2 or more, and no less for the longest than for the shortest."
            )
        if not 1 <= self.fps <= 100:
            raise ConfigError(f"SynthTalk clips at {self.fps} fps cannot be made: give 1 to 100.")

    def clips_of(self, split: SplitName) -> int:
        """Return the number of clips of a split."""
        return {"train": self.train, "val": self.val, "test": self.test}[split]


SIZES = {
    "default": SynthTalkSizes(),
    "tiny": SynthTalkSizes(
        train=6, val=2, test=4, clips_per_identity=1, min_seconds=0.8, max_seconds=1.2
    ),
    # To learn faces from: many people, each seen and heard shortly.
    "faces": SynthTalkSizes(
        train=3000, val=12, test=24, clips_per_identity=1, min_seconds=1.0, max_seconds=1.6
    ),
}


@dataclass(frozen=True)
class ClipPlan:
    """One clip before it is made."""

    name: str
    split: SplitName
    person: int
    speaker: int  # the person whose voice it is
    sentence: int
    seconds: float
    fps: int
    voice: Voice
    microphone: bool
    image_px: int
    shows: FramingName = "face"

    @property
    def framing(self) -> Framing:
        """Place and size of the head in the pictures."""
        return FRAMINGS[self.shows]

    @property
    def num_frames(self) -> int:
        """Number of pictures."""
        return round(self.seconds * self.fps)

    @property
    def rate(self) -> Fraction:
        """Pictures a second, exactly."""
        return Fraction(self.fps)


@dataclass(frozen=True)
class Recipe:
    """All that decides what a corpus contains."""

    sizes: SynthTalkSizes
    seed: int
    image_px: int
    shows: FramingName = "face"

    def as_json(self) -> dict[str, object]:
        """Return the recipe as plain values."""
        return {
            "version": VERSION,
            "seed": self.seed,
            "image_px": self.image_px,
            "sizes": asdict(self.sizes),
            **framing_entry(self.shows),
        }

    def plans(self) -> Iterator[ClipPlan]:
        """Yield every clip. No person and no sentence is in two splits.

        Sentences count on from test to val to train, so that a larger training split changes
        neither of the others.
        """
        sentence = self.seed * _PEOPLE_A_SEED
        for split in reversed(SPLITS):
            first = self.seed * _PEOPLE_A_SEED + SPLITS.index(split) * _PEOPLE_A_SPLIT
            for index in range(self.sizes.clips_of(split)):
                who = first + index // self.sizes.clips_per_identity
                yield self._plan(split, index, who, sentence)
                sentence += 1

    def _plan(self, split: SplitName, index: int, who: int, sentence: int) -> ClipPlan:
        rng = np.random.default_rng([0x9ECB, self.seed, SPLITS.index(split), index])
        sizes = self.sizes
        frames = round(float(rng.uniform(sizes.min_seconds, sizes.max_seconds)) * sizes.fps)
        return ClipPlan(
            name=f"{split}_{index:05d}",
            split=split,
            person=who,
            speaker=who if sizes.own_voice else sentence,
            sentence=sentence,
            seconds=frames / sizes.fps,
            fps=sizes.fps,
            voice=sizes.voice,
            microphone=sizes.microphone and split == "train",
            image_px=self.image_px,
            shows=self.shows,
        )


def framing_entry(shows: FramingName) -> dict[str, str]:
    """Return what rows and recipes say of the framing: nothing of the one that came first."""
    return {} if shows == "face" else {"shows": shows}
