"""PC-AVS: one portrait speaks, a video gives the head pose; and its variant without a portrait."""

from talkingface.models.pc_avs.config import PCAVSSettings
from talkingface.models.pc_avs.voice_config import Speech2TalkingFaceSettings
from talkingface.registry import ModelSpec

MODELS = (
    ModelSpec(
        "PC_AVS",
        "One portrait speaks; a video gives the head pose.",
        model="talkingface.models.pc_avs.model:PCAVS",
        config=PCAVSSettings,
        controls=frozenset({"lip", "pose"}),
        paper="arXiv:2104.11116",
        look_ahead_ms=80,
    ),
    ModelSpec(
        "Speech2Talking_Face",
        "Speech alone gives a face and moves it; a video gives the head pose.",
        model="talkingface.models.pc_avs.voice_model:Speech2TalkingFace",
        config=Speech2TalkingFaceSettings,
        controls=frozenset({"lip", "pose"}),
        paper="doi:10.24963/ijcai.2021/141",
        needs_portrait=False,
    ),
)
