"""The declaration of Loud_Mouth."""

from talkingface.models.loud_mouth.config import LoudMouthSettings
from talkingface.registry import ModelSpec

MODEL = ModelSpec(
    "Loud_Mouth",
    "The portrait's mouth opens as the speech is loud: a complete method in a hundred lines.",
    model="talkingface.models.loud_mouth.model:LoudMouth",
    config=LoudMouthSettings,
    controls=frozenset({"lip"}),
    look_ahead_ms=0,
)
