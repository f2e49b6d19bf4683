"""The declaration of SyncNet."""

from talkingface.models.sync_net.config import SyncNetSettings
from talkingface.registry import ModelSpec

MODEL = ModelSpec(
    "SyncNet",
    "Tells by how many frames speech and lips are apart, and how well they fit.",
    model="talkingface.models.sync_net.model:SyncNetModel",
    config=SyncNetSettings,
    paper="Chung and Zisserman 2016, Out of time: automated lip sync in the wild",
    makes_video=False,
)
