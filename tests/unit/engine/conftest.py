"""Clips in memory and a small method that uses every part of the trainer."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest
import torch
from lightning_fabric import Fabric
from torch import nn

from talkingface.clip import Clip, FrameArray
from talkingface.config.settings import ModelSettings, TrainSettings
from talkingface.engine.stages import stages_of
from talkingface.engine.trainer import Trainer
from talkingface.models.base import Preparation, TalkingFaceModel


class Numbers(Preparation):
    """Takes a number from the clip's first frame and adds a drawn one."""

    def prepare(self, clip):
        return float(clip.frames.read(0, 1).mean())

    def example(self, prepared, chance):
        return {"x": np.float32(prepared + chance.normal(size=4)), "y": np.float32(prepared)}


class Duel(TalkingFaceModel):
    """Two networks with two updates a step, and chance inside the losses."""

    phases = ("fit", "check")
    loss_names = ("l1", "rule", "guess")

    def __init__(self, settings: ModelSettings | None = None) -> None:
        super().__init__(settings or ModelSettings("Duel"))
        self.fitter = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.2), nn.Linear(8, 1))
        self.checker = nn.Linear(1, 1)
        self.noise = 0.1

    @property
    def preparation(self):
        return Numbers()

    def parameters_of(self, phase):
        return (self.fitter if phase == "fit" else self.checker).parameters()

    def losses(self, phase, batch):
        found = self.fitter(batch["x"]).squeeze(-1)
        noise = self.noise * torch.randn_like(found)
        if phase == "fit":
            return {"l1": (found + noise - batch["y"]).abs().mean(), "rule": found.square().mean()}
        return {"guess": (self.checker(found.detach()[:, None])[:, 0] - batch["y"]).abs().mean()}

    def generate(self, job):
        raise AssertionError("never asked for")


@dataclass
class Journal:
    """Remembers each step, and ends the training after some."""

    until: int = 10**9

    def __post_init__(self):
        self.losses: list[dict[str, float]] = []
        self.bad: list[str] = []

    def after_step(self, trainer, report):
        self.losses.append({name: float(loss) for name, loss in report.losses.items()})
        self.bad += report.bad
        return report.step >= self.until


@pytest.fixture
def clips() -> list[Clip]:
    pictures = [np.full((2, 4, 4, 3), 20 * number, np.uint8) for number in range(6)]
    return [
        Clip(f"clip-{number}", FrameArray(picture, Fraction(25)))
        for number, picture in enumerate(pictures)
    ]


@pytest.fixture
def make_trainer():
    def make(train: TrainSettings, model: TalkingFaceModel | None = None) -> Trainer:
        torch.manual_seed(0)
        model = model or Duel()
        fabric = Fabric(accelerator="cpu", devices=1, precision=train.precision)
        return Trainer(fabric, model, stages_of(model, train), train)

    return make
