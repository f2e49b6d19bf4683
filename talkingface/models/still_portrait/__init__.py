"""The declaration of Still_Portrait."""

from talkingface.registry import ModelSpec

MODEL = ModelSpec(
    "Still_Portrait",
    "The portrait repeated: it never moves, and every method must beat it.",
    model="talkingface.models.still_portrait.model:StillPortrait",
)
