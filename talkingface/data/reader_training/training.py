"""The loop in which the reader learns."""

import logging
import time
from typing import Final

import torch
from lightning_fabric import Fabric
from torch.optim import AdamW
from torch.optim.lr_scheduler import OneCycleLR

from talkingface.data.reader_training.losses import reading_losses
from talkingface.data.reader_training.material import Material
from talkingface.data.reader_training.wear import Wear
from talkingface.face.reader.network import FaceValues, ReaderNetwork

logger = logging.getLogger(__name__)

BATCH_SIZE: Final = 64
LEARNING_RATE: Final = 3e-3
WEIGHT_DECAY: Final = 1e-2
CLIP_NORM: Final = 5.0
STEPS_A_LINE: Final = 100  # of the log


def trained(material: Material, steps: int, seed: int, width: int = 16) -> ReaderNetwork:
    """Return a network that has seen `steps` batches of the material, on the CPU."""
    torch.manual_seed(seed)
    chance = torch.Generator().manual_seed(seed)
    # Half the bits for convolutions: 1.8 times as fast on a CPU that has them, no loss was seen.
    fabric = Fabric(accelerator="auto", devices=1, precision="bf16-mixed")
    plain = ReaderNetwork(width)
    plain.start_from(material.values.landmarks.mean(dim=0))
    plain.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch has it
    network, optimizer = fabric.setup(
        plain, AdamW(plain.parameters(), lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    )
    rate = OneCycleLR(optimizer, LEARNING_RATE, total_steps=steps, pct_start=0.1)
    wear = Wear(chance)
    started = time.monotonic()
    for step in range(1, steps + 1):
        rows = torch.randint(len(material.pictures), (BATCH_SIZE,), generator=chance)
        worn, values = wear(*material.batch(rows))
        pictures = fabric.to_device(worn.contiguous(memory_format=torch.channels_last))
        losses = reading_losses(network(pictures), FaceValues(*map(fabric.to_device, values)))
        optimizer.zero_grad(set_to_none=True)
        fabric.backward(torch.stack(list(losses.values())).sum())
        fabric.clip_gradients(network, optimizer, max_norm=CLIP_NORM)
        optimizer.step()
        rate.step()
        if step % STEPS_A_LINE == 0 or step == steps:
            said = ", ".join(f"{name} {float(loss.detach()):.3f}" for name, loss in losses.items())
            logger.info("step %d, %.0f s: %s", step, time.monotonic() - started, said)
    return plain.cpu()
