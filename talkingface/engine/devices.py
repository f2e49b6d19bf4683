"""Which device networks run on, and what it is good at."""

from collections.abc import Mapping

import torch

from talkingface.errors import ConfigError

WITH_HALF = ("avx512_bf16", "amx_bf16", "bf16")  # instructions that multiply bfloat16 at speed


def half_format(device: torch.device) -> torch.dtype | None:
    """Return the format of half the digits in which a device is faster, if it has one."""
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported(False) else torch.float16
    if device.type == "cpu":
        # Older versions of torch do not tell.
        known: Mapping[str, bool] = getattr(torch.cpu, "get_capabilities", dict)()
        return torch.bfloat16 if any(known.get(name) for name in WITH_HALF) else None
    return None


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
