"""PC-AVS: one portrait speaks, a video gives the head pose; and its variant without a portrait."""

from talkingface.models.pc_avs.config import PCAVSSettings
from talkingface.registry import ModelSpec

MODEL = ModelSpec(
    "PC_AVS",
    "One portrait speaks; a video gives the head pose.",
    model="talkingface.models.pc_avs.model:PCAVS",
    config=PCAVSSettings,
    controls=frozenset({"lip", "pose"}),
    paper="arXiv:2104.11116",
)
