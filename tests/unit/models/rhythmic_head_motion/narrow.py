"""Narrow networks of the published form, and inputs for them."""

from typing import Any

import torch

from talkingface.models.rhythmic_head_motion.few_shot import FewShotGenerator
from talkingface.models.rhythmic_head_motion.generator import Generator, Source

CHANNELS = (4, 8, 16, 32, 32)  # four halvings; the last two levels are equally wide
FLOW = {"flow_channels": (4, 8, 16, 16), "num_flow_blocks": 2}
NUM_REFERENCES = 3


def narrow_generator(
    *, warped: tuple[Any, ...] = ("reference", "ani"), **few_shot: Any
) -> Generator:
    torch.manual_seed(0)
    sizes = {"channels": CHANNELS, "num_references": NUM_REFERENCES, "num_adaptive_levels": 3}
    return Generator(FewShotGenerator(**(sizes | few_shot)), warped=warped, **FLOW)


def random_inputs(
    batch: int, size: int = 48, num_references: int = NUM_REFERENCES
) -> dict[str, Any]:
    torch.manual_seed(1)
    return {
        "images": torch.rand(batch, num_references, 3, size, size) * 2 - 1,
        "labels": torch.rand(batch, num_references, 1, size, size),
        "label": torch.rand(batch, 1, size, size),
        "sources": {
            name: Source(torch.rand(batch, 1, size, size), torch.rand(batch, 3, size, size))
            for name in ("reference", "ani")
        },
    }
