"""The recipe for filmed people, at the published sizes, on videos that lie as VoxCeleb2's do."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from lightning_fabric import Fabric

from talkingface.config.layers import resolve
from talkingface.config.yaml_tree import Origin, Scalar, Section, insert
from talkingface.data.synth import person, render_frames
from talkingface.data.synth.camera import ALIGNED
from talkingface.data.synth.clips import perform
from talkingface.data.synth.recipe import ClipPlan
from talkingface.engine.build import build_dataset, new_model
from talkingface.engine.stages import stages_of
from talkingface.engine.trainer import Trainer
from talkingface.media import SpeechArray, write_video
from talkingface.nn.perceptual import VGG19Features
from talkingface.plugins import discover

CLIPS = ("id00012/21Uxsk56VDQ/00001", "id00012/21Uxsk56VDQ/00002", "id00015/0fijmz4vTVU/00001")


def film(path: Path, number: int) -> None:
    """Write a video of a drawn person who talks for a second, framed as VoxCeleb2's boxes."""
    plan = ClipPlan(path.stem, "train", number, number, number, 1.0, 25, "formant", False, 224)
    done = perform(plan)
    path.parent.mkdir(parents=True, exist_ok=True)
    speech = SpeechArray(done.spoken.waveform)
    write_video(path, render_frames(person(number), done.factors, 224, ALIGNED), 25, speech)


class Witness:
    """Keeps the losses of each step, and how the weights of each network were after each stage."""

    def __init__(self) -> None:
        self.losses: list[dict[str, float]] = []
        self.ends: list[dict[str, float]] = []

    def after_step(self, trainer, report) -> bool:
        self.losses.append({name: float(loss) for name, loss in report.losses.items()})
        if report.step == report.stage.end:
            self.ends.append(sums(trainer.model))
        return False


def sums(model) -> dict[str, float]:
    return {
        name: sum(float(one.detach().double().sum()) for one in network.parameters())
        for name, network in model.networks.items()
    }


@pytest.mark.slow  # minutes: a hundred million weights, pictures of 224 px
def test_each_stage_of_the_recipe_for_filmed_people_learns_at_full_size(tmp_path: Path) -> None:
    for number, clip in enumerate(CLIPS):
        film(tmp_path / "dev" / "mp4" / f"{clip}.mp4", 998_000 + number)
    origin, words = Origin("test"), Section({}, Origin("test"))
    chosen = {"model": "PC_AVS", "dataset": "VoxCeleb2", "dataset.folder": str(tmp_path)}
    for key, value in chosen.items():
        insert(words, key, Scalar(value, origin), origin)
    resolved = resolve(discover(), words)
    settings = resolved.settings
    few = replace(
        settings.train,
        stages=tuple(replace(stage, steps=2) for stage in settings.train.stages),
        batch_size=2,
        num_workers=0,
    )
    # Fewer frames of a clip than the recipe's 24, for the memory of a laptop.
    settings = replace(settings, model=replace(settings.model, clip_frames=4, joined_frames=2))
    clips = build_dataset(resolved.dataset, settings).clips("train")
    assert {clip.identity for clip in clips} == {"id00012", "id00015"}
    model = new_model(resolved.model, settings)
    teacher = VGG19Features().eval()  # its own weights would have to be downloaded
    model.start_training(clips, dict(zip(few.teachers, [teacher], strict=True)))
    fabric = Fabric(accelerator="cpu", devices=1, precision=few.precision)
    trainer, witness = Trainer(fabric, model, stages_of(model, few), few), Witness()
    before = sums(model)
    trainer.run(clips, seed=0, watcher=witness)

    assert all(np.isfinite(list(losses.values())).all() for losses in witness.losses)
    assert [len(losses) for losses in witness.losses] == [1, 1, 3, 3, 7, 7, 7, 7, 12, 12]
    assert "generator/perceptual" in witness.losses[-1]
    for stage, start, end in zip(few.stages, [before, *witness.ends], witness.ends, strict=False):
        changed = {name for name in end if end[name] != start[name]}
        assert changed == set(stage.learns), stage.name
    with torch.inference_mode():
        assert model.network.generator.sizes[-1] == 224
