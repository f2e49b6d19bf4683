"""Speech2Talking_Face at a size of milliseconds."""

from typing import Any

import torch

from talkingface.models.pc_avs.voice_config import (
    Speech2TalkingFaceSettings,
    Speech2TalkingFaceSizes,
)
from talkingface.models.pc_avs.voice_model import Speech2TalkingFace
from tests.unit.models.pc_avs.tiny import SIZES, talking_people

VOICE_SIZES = Speech2TalkingFaceSizes(
    **vars(SIZES), voice_units=1, voice_channels=8, voice_depths=(1, 1, 1, 1)
)
FEW: dict[str, Any] = {"clip_frames": 4, "joined_frames": 2, "discriminator_channels": 4}


def tiny_voice_model(**choices: object) -> Speech2TalkingFace:
    """Return the method, the same each time, ready to generate."""
    torch.manual_seed(0)
    chosen = {"network": VOICE_SIZES, **FEW, **choices}
    return Speech2TalkingFace(Speech2TalkingFaceSettings("Speech2Talking_Face", **chosen)).eval()


def voice_learner(**choices: object) -> Speech2TalkingFace:
    """Return the method ready to learn from `talking_people`."""
    model = tiny_voice_model(**choices)
    model.start_training(talking_people(), {})
    model.train()
    return model
