"""How the learning rate changes within a stage."""

import math
from typing import Literal


def rate_factor(
    step: int, steps: int, *, warmup_steps: int, schedule: Literal["constant", "cosine"]
) -> float:
    """Return the factor on the learning rate at `step` (from 0) of a stage of `steps`.

    It rises in a line over the warm-up, then stays, or falls to zero along half a cosine.

    >>> rate_factor(0, 100, warmup_steps=10, schedule="constant")
    0.1
    >>> rate_factor(55, 100, warmup_steps=10, schedule="cosine")
    0.5
    """
    if step < warmup_steps:
        return (step + 1) / warmup_steps
    if schedule == "constant":
        return 1.0
    progress = (step - warmup_steps) / max(1, steps - warmup_steps)
    return 0.5 * (1 + math.cos(math.pi * progress))
