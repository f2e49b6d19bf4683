"""The settings of SyncNet."""

from dataclasses import dataclass, field

from talkingface.config.fields import ranged
from talkingface.config.settings import ModelSettings


@dataclass(frozen=True)
class SyncNetNetwork:
    """Sizes of the network; weights carry theirs with them."""

    width: int = ranged(32, minimum=1, maximum=64)
    """Width of every layer in proportion; 32 as published, 54 MB."""

    face_px: int = ranged(224, minimum=80, maximum=448)
    """Side of the faces that it sees; 224 as published."""


@dataclass(frozen=True)
class SyncNetSettings(ModelSettings):
    """What a training of SyncNet shows of each clip."""

    network: SyncNetNetwork = field(default_factory=SyncNetNetwork)

    num_windows: int = ranged(12, minimum=2, maximum=46)
    """Windows of 0.2 s that an example has, at different times within 2 s of a clip."""

    worn_share: float = ranged(0.5, minimum=0.0, maximum=1.0)
    """Share of the examples that are heard through a microphone in a room, with noise."""
