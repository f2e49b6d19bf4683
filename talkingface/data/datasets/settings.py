"""The settings that datasets add to what every dataset has."""

from dataclasses import dataclass
from typing import Literal

from talkingface.config.fields import ranged
from talkingface.config.settings import DatasetSettings


@dataclass(frozen=True)
class SynthTalkSettings(DatasetSettings):
    """How much of SynthTalk is drawn, how large, and where it is kept."""

    folder: str = "dataset/SynthTalk"
    """Folder that holds the corpus; what is missing there is made."""

    size: Literal["default", "tiny", "faces"] = "default"
    """Number of clips: default is 200 / 20 / 24 in train / val / test, tiny is for trying."""

    train_clips: int | None = ranged(None, minimum=0, maximum=300_000)
    """Clips to train on; none for as many as the size has. More of them are more people."""

    voice: Literal["formant", "espeak", "both"] = "formant"
    """Who speaks: formant babbles and needs nothing, espeak reads sentences in four languages and
    needs the package espeakng-loader, both take turns."""

    microphone: bool = False
    """Whether training clips are heard through rooms, noise and telephones."""

    image_px: int = ranged(112, minimum=56, maximum=448)
    """Side of a frame in pixels."""

    shows: Literal["face", "head"] = "face"
    """What frames show: the face as PC-AVS and PD-FGC know it, or head and shoulders as
    Rhythmic_Head_Motion does."""

    workers: int | None = ranged(None, minimum=1)
    """Processes that draw at once; none for one a core."""


@dataclass(frozen=True)
class ListedSettings(DatasetSettings):
    """Where a dataset of files lies, and which of its clips are scored."""

    folder: str | None = None
    """Folder that holds the dataset; none for dataset/NAME."""

    fps: float | None = ranged(25.0, minimum=1.0, maximum=240.0)
    """Pictures a second at which clips are read; none for the rate of each file."""

    list_seed: int = ranged(0, minimum=0)
    """Seed by which splits and lists are drawn, apart from the seed of the run."""

    test_clips: int | None = ranged(None, minimum=1)
    """Clips drawn for the test list; none for the whole split."""

    test_list: str | None = None
    """File that names the clips of the test split, one a line, in place of those drawn."""


@dataclass(frozen=True)
class VoxCeleb2Settings(ListedSettings):
    """What is shown of the boxes that VoxCeleb2 cuts around faces."""

    view: Literal["network", "whole"] = "network"
    """What frames show: network is what PC-AVS and PD-FGC, which learnt from these boxes, cut out
    of each; whole is the whole box."""


@dataclass(frozen=True)
class FolderSettings(ListedSettings):
    """How videos of one's own are split, where neither folders nor a manifest say it."""

    test_share: float = ranged(1.0, minimum=0.0, maximum=1.0)
    """Share of the people that is for the test."""

    val_share: float = ranged(0.0, minimum=0.0, maximum=1.0)
    """Share of the people that is for validation."""


@dataclass(frozen=True)
class MEADSettings(ListedSettings):
    """Which of the seven cameras is read."""

    view: Literal["front", "down", "top", "left_30", "left_60", "right_30", "right_60"] = "front"
    """Camera whose videos are read."""
