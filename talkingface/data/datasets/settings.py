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

    size: Literal["default", "tiny"] = "default"
    """Number of clips: default is 200 / 20 / 24 in train / val / test, tiny is for trying."""

    image_px: int = ranged(112, minimum=56, maximum=448)
    """Side of a frame in pixels."""

    workers: int | None = ranged(None, minimum=1)
    """Processes that draw at once; none for one a core."""
