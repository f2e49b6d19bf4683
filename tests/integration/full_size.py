"""Two steps of each stage of a recipe, at the published sizes, on videos laid as VoxCeleb2's."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from lightning_fabric import Fabric

from talkingface.config.layers import resolve
from talkingface.config.settings import StageSettings
from talkingface.config.yaml_tree import Origin, Scalar, Section, insert
from talkingface.data.synth import person, render_frames
from talkingface.data.synth.camera import ALIGNED
from talkingface.data.synth.clips import perform
from talkingface.data.synth.recipe import ClipPlan
from talkingface.engine.build import build_dataset, new_model
from talkingface.engine.stages import stages_of
from talkingface.engine.trainer import Trainer
from talkingface.media import SpeechArray, write_video
from talkingface.models.base import TalkingFaceModel
from talkingface.nn.perceptual import VGG19Features
from talkingface.plugins import discover

CLIPS = ("id00012/21Uxsk56VDQ/00001", "id00012/21Uxsk56VDQ/00002", "id00015/0fijmz4vTVU/00001")


@dataclass
class Witness:
    """Keeps the losses of each step, and how the weights of each network were after each stage."""

    model: TalkingFaceModel
    stages: Sequence[StageSettings]
    losses: list[dict[str, float]] = field(default_factory=list)
    states: list[dict[str, float]] = field(default_factory=list)  # before, and after each stage

    def after_step(self, trainer, report) -> bool:
        self.losses.append({name: float(loss) for name, loss in report.losses.items()})
        if report.step == report.stage.end:
            self.states.append(sums(trainer.model))
        return False

    def check(self) -> None:
        """Fail unless all losses are numbers, and each stage changed what it says and no more."""
        assert all(np.isfinite(list(losses.values())).all() for losses in self.losses)
        for stage, (start, end) in zip(self.stages, pairwise(self.states), strict=True):
            changed = {name for name in end if end[name] != start[name]}
            assert changed == set(stage.learns), stage.name


def two_steps_of_each_stage(name: str, folder: Path, **changes) -> Witness:
    """Train a method by its recipe for VoxCeleb2, whose videos are drawn into `folder` first."""
    for number, clip in enumerate(CLIPS):
        film(folder / "dev" / "mp4" / f"{clip}.mp4", 998_000 + number)
    origin, words = Origin("test"), Section({}, Origin("test"))
    chosen = {"model": name, "dataset": "VoxCeleb2", "dataset.folder": str(folder)}
    for key, value in chosen.items():
        insert(words, key, Scalar(value, origin), origin)
    resolved = resolve(discover(), words)
    settings = resolved.settings
    stages = tuple(replace(stage, steps=2) for stage in settings.train.stages)
    few = replace(settings.train, stages=stages, batch_size=2, num_workers=0)
    settings = replace(settings, model=replace(settings.model, **changes))
    clips = build_dataset(resolved.dataset, settings).clips("train")
    assert {clip.identity for clip in clips} == {"id00012", "id00015"}
    model = new_model(resolved.model, settings)
    teacher = VGG19Features().eval()  # its own weights would have to be downloaded
    model.start_training(clips, dict(zip(few.teachers, [teacher], strict=True)))
    fabric = Fabric(accelerator="cpu", devices=1, precision=few.precision)
    trainer = Trainer(fabric, model, stages_of(model, few), few)
    witness = Witness(model, stages, states=[sums(model)])
    trainer.run(clips, seed=0, watcher=witness)
    return witness


def film(path: Path, number: int) -> None:
    """Write a video of a drawn person who talks for a second, framed as VoxCeleb2's boxes."""
    plan = ClipPlan(path.stem, "train", number, number, number, 1.0, 25, "formant", False, 224)
    done = perform(plan)
    path.parent.mkdir(parents=True, exist_ok=True)
    speech = SpeechArray(done.spoken.waveform)
    write_video(path, render_frames(person(number), done.factors, 224, ALIGNED), 25, speech)


def sums(model: TalkingFaceModel) -> dict[str, float]:
    return {
        name: sum(float(one.detach().double().sum()) for one in network.parameters())
        for name, network in model.networks.items()
    }
