"""PC_AVS with the smallest networks, at 112 px: it runs in a second, and draws nothing."""

from pathlib import Path

import torch

from talkingface.engine.build import architecture_of
from talkingface.models.pc_avs.config import PCAVSSettings, PCAVSSizes
from talkingface.models.pc_avs.model import PCAVS
from talkingface.storage.weights import Weights, WeightsHeader, write_weights

SIZES = PCAVSSizes(
    image_px=112,
    identity_channels=4,
    identity_depths=(1, 1, 1, 1),
    identity_groups=4,
    identity_group_width=4,
    identity_last_stride=1,
    speech_channels=8,
    speech_depths=(1, 1, 1, 1),
    motion_channels=4,
    features=16,
    mouth_width=8,
    pose_width=4,
    generator_channels=(8, 8, 8, 8, 8),
)


def narrow_pc_avs(**choices) -> PCAVS:
    """Return the method, the same each time, ready to generate."""
    torch.manual_seed(0)
    return PCAVS(PCAVSSettings("PC_AVS", network=SIZES, **choices)).eval()


def write_narrow_weights(path: Path) -> Path:
    """Write the weights of `narrow_pc_avs` to a file."""
    model = narrow_pc_avs()
    header = WeightsHeader("PC_AVS", "trained", "none", architecture_of(model.settings))
    write_weights(path, Weights(header, model.state_dict()))
    return path
