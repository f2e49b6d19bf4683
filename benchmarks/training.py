"""What the trainer costs beside the training: against a bare loop, in one process, by turns.

    python -m benchmarks.training

Prints what a step costs in both, and the share that checkpoints take at the default interval. The
network is of the size of a demo network (1 M parameters, 112 px, batch 16). The peak is that of
`inference.py`.
"""

import tempfile
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from lightning_fabric import Fabric
from torch import nn
from torch.nn import functional as F

from benchmarks.cost import COLUMNS, Convolution, Spent, gflop_of, machine, most_memory_gb
from talkingface.clip import Clip, FrameArray
from talkingface.config.settings import ModelSettings, TrainSettings
from talkingface.engine.batches import Slice, batches
from talkingface.engine.checkpoints import Checkpoints
from talkingface.engine.curves import Curves
from talkingface.engine.run_folder import RunFolder
from talkingface.engine.stages import stages_of
from talkingface.engine.trainer import Trainer
from talkingface.engine.watchers import BadSamples, Keeper, Notes, Together
from talkingface.models.base import Preparation, TalkingFaceModel

BATCH = 16
STEPS_A_TURN = 12
TURNS = 6


class Frames(Preparation):
    """Draws one frame of a clip."""

    def prepare(self, clip):
        return clip.frames

    def example(self, prepared, chance):
        index = int(chance.integers(len(prepared)))
        return {"frames": prepared.read(index, index + 1)[0]}


class Painter(TalkingFaceModel):
    """An encoder and decoder of about a million parameters."""

    phases = ("paint",)

    def __init__(self) -> None:
        super().__init__(ModelSettings("Painter"))
        sizes = [3, 24, 48, 96, 128]
        down = [
            nn.Sequential(nn.Conv2d(a, b, 3, 2, 1), nn.LeakyReLU(0.2)) for a, b in pairwise(sizes)
        ]
        up = [
            nn.Sequential(nn.ConvTranspose2d(b, a, 4, 2, 1), nn.LeakyReLU(0.2))
            for a, b in reversed(list(pairwise(sizes)))
        ]
        self.network = nn.Sequential(*down, nn.Conv2d(128, 128, 3, 1, 1), *up)

    @property
    def preparation(self):
        return Frames()

    def losses(self, phase, batch):
        frames = batch["frames"].permute(0, 3, 1, 2).float() / 127.5 - 1
        return {"l1": F.l1_loss(self.network(frames), frames)}

    def generate(self, job):
        raise TypeError("it paints no jobs")


def bare_loop(model, optimizer, clips, first) -> None:
    for read in batches(clips, Frames(), Slice(0, first, STEPS_A_TURN, BATCH)):
        loss = model.losses("paint", read.batch)["l1"]
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()


class Turns:
    """Ends the trainer's turn after some steps."""

    def __init__(self) -> None:
        self.until = 0

    def after_step(self, trainer, report) -> bool:
        return report.step >= self.until


def main() -> None:
    chance = np.random.default_rng(0)
    pictures = chance.integers(0, 255, (50, 112, 112, 3)).astype(np.uint8)
    clips = [Clip(f"clip-{index}", FrameArray(pictures, Fraction(25))) for index in range(64)]
    train = TrainSettings(
        steps=10**6, batch_size=BATCH, log_every=50, save_every=10**6, curves="none"
    )
    bare, ours = Painter(), Painter()
    optimizer = torch.optim.AdamW(bare.parameters(), lr=2e-4, weight_decay=0.0)
    trainer = Trainer(Fabric(accelerator="cpu", devices=1), ours, stages_of(ours, train), train)
    with tempfile.TemporaryDirectory() as folder:
        run = RunFolder(Path(folder))
        turns = Turns()
        keeper = Keeper(
            Checkpoints(run.checkpoints), train, {}, None, higher_is_better=True, last=-1
        )
        notes = Notes(run, Curves("none", run.path), train, first=0, last=10**6)
        watcher = Together([notes, BadSamples(train), keeper, turns])
        bare_loop(bare, optimizer, clips, 0)  # the first steps make the thread pools
        gflop = gflop_of(lambda: bare_loop(bare, optimizer, clips, 0)) / STEPS_A_TURN
        convolve, peak = Convolution(), Spent(0.0)
        peak.gflop = gflop_of(convolve)
        by_bare, by_ours, by_save = Spent(gflop), Spent(gflop), Spent(0.0)
        for turn in range(TURNS):
            first = turn * STEPS_A_TURN
            by_bare.on(lambda now=first: bare_loop(bare, optimizer, clips, now), STEPS_A_TURN)
            turns.until = trainer.step + STEPS_A_TURN
            by_ours.on(lambda: trainer.run(clips, 0, watcher), STEPS_A_TURN)
            by_save.on(lambda: keeper.save(trainer))
            peak.on(convolve)
    parameters = sum(one.numel() for one in ours.parameters()) / 1e6
    speed = peak.gflop / peak.least_seconds
    share = by_save.least_seconds / (TrainSettings().save_every * by_ours.least_seconds)
    ratio = by_ours.least_seconds / by_bare.least_seconds
    print(f"network of {parameters:.2f} M parameters, batch {BATCH}, {TURNS} turns of each")
    print(f"{machine()}, peak {speed:.0f} GFLOP/s\n{COLUMNS}")
    print(f"{by_bare.row('bare loop', speed)}\n{by_ours.row('trainer', speed)}")
    print(f"ratio {by_ours.ms / by_bare.ms:.3f}, of the best turns {ratio:.3f}")
    print(f"checkpoint {by_save.ms:.1f} ms, {share:.2%} of the time at the defaults")
    print(f"peak memory {most_memory_gb():.2f} GB")


if __name__ == "__main__":
    main()
