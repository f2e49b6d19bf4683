"""The settings of Loud_Mouth."""

from dataclasses import dataclass, field

from talkingface.config.fields import ranged
from talkingface.config.settings import ModelSettings


@dataclass(frozen=True)
class LoudMouthNetwork:
    """Sizes of the network; weights carry theirs with them."""

    image_px: int = ranged(112, minimum=16, maximum=512)
    """Side of the learned picture in pixels."""


@dataclass(frozen=True)
class LoudMouthSettings(ModelSettings):
    """Loud_Mouth has sizes and one strength."""

    network: LoudMouthNetwork = field(default_factory=LoudMouthNetwork)

    strength: float = ranged(1.0, minimum=0.0, maximum=3.0)
    """How far the mouth opens; 1 as learned."""
