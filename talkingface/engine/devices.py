"""Which device networks run on."""

import torch

from talkingface.errors import ConfigError


def choose_device(name: str) -> torch.device:
    """Return the device called `name`; ``auto`` takes a GPU where there is one.

    Raises:
        ConfigError: This machine has no such device.
    """
    present = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if name == "auto":
        return torch.device(next(kind for kind, is_there in present.items() if is_there))
    if not present[name]:
        known = ", ".join(kind for kind, is_there in present.items() if is_there)
        raise ConfigError(
            f"This machine has no {name} device that torch can use. Write --device=auto, "
            f"or one of: {known}."
        )
    return torch.device(name)
