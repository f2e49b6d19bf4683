"""Makes a method ready to draw, exactly or fast.

Either way what trained networks would compute in every call is fixed first, which changes pictures
by float32 rounding alone. `fast` then gives convolutions half the digits, where the device is
faster so.
"""

import logging
from typing import cast

import torch

from talkingface.config.settings import Profile
from talkingface.engine.devices import half_format
from talkingface.engine.memory import (
    give_back_freed_memory,
    give_back_weights,
    keep_freed_memory,
)
from talkingface.models.base import TalkingFaceModel
from talkingface.nn.folding import fold
from talkingface.nn.packing import pack
from talkingface.nn.precision import lower

logger = logging.getLogger(__name__)


def made_ready(model: TalkingFaceModel, profile: Profile, device: torch.device) -> TalkingFaceModel:
    """Return a method that draws on a device and cannot be trained any more."""
    give_back_weights()
    model = cast("TalkingFaceModel", fold(model.eval()))
    if profile == "fast":
        precision = half_format(device)
        if precision is None:
            logger.warning("This %s is as fast with all digits, so fast is exact.", device.type)
        else:
            lower(model, precision)
    model = model.to(device)
    if device.type == "cpu":
        pack(model)
    give_back_freed_memory()
    keep_freed_memory()
    return model
