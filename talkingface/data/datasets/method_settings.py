"""Settings of the datasets in the layouts of the three methods."""

from dataclasses import dataclass
from typing import Literal

from talkingface.config.fields import ranged
from talkingface.config.settings import DatasetSettings


@dataclass(frozen=True)
class LayoutSettings(DatasetSettings):
    """Whose files are read: the user's, or the SynthTalk demo in the same layout."""

    folder: str | None = None
    """Your data in this layout, or a folder with train, val and test in it, each in this layout;
    none for the SynthTalk demo."""

    demo_folder: str | None = None
    """Where the SynthTalk demo is made and kept; none for dataset/NAME."""

    demo_size: Literal["default", "tiny"] = "default"
    """Clips of the demo: default is 24 / 4 / 8 in train / val / test, tiny is for trying."""


@dataclass(frozen=True)
class AlignedSettings(LayoutSettings):
    """How aligned faces are shown to a method."""

    view: Literal["network", "aligned"] = "network"
    """What frames show: network is what PC-AVS and PD-FGC cut out of each aligned file when they
    read it, and what SynthTalk shows; aligned is the whole file."""

    image_px: int = ranged(224, minimum=56, maximum=448)
    """Side of a frame in the view network, in pixels."""


@dataclass(frozen=True)
class PCAVSDatasetSettings(AlignedSettings):
    """Which metadata of PC-AVS is read."""

    metadata: str = "demo.csv"
    """Metadata file of 8 columns in the folder; the demo also has cross.csv, with others' poses."""


@dataclass(frozen=True)
class PDFGCDatasetSettings(AlignedSettings):
    """Nothing beyond what all aligned faces have."""


@dataclass(frozen=True)
class RhythmicDatasetSettings(LayoutSettings):
    """Nothing beyond what all layouts have."""
