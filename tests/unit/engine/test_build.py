"""What a call names is found, built and filled, or a sentence says what is missing."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from talkingface.config.settings import ModelSettings, Settings
from talkingface.engine.build import build_model, load_start
from talkingface.errors import CheckpointError
from talkingface.models.loud_mouth.config import LoudMouthNetwork, LoudMouthSettings
from talkingface.models.loud_mouth.model import LoudMouth
from talkingface.plugins import discover
from talkingface.registry import ModelSpec
from talkingface.storage.weights import Weights, WeightsHeader, write_weights

SPEC = discover().models.get("Loud_Mouth")


def write_demo(path: Path, model: str = "Loud_Mouth", image_px: int = 24) -> None:
    path.parent.mkdir(exist_ok=True)
    network = LoudMouth(LoudMouthSettings(network=LoudMouthNetwork(image_px)))
    torch.nn.init.constant_(network.open_mouth.picture, 0.5)
    header = WeightsHeader(model, "demo", "Apache-2.0", {"image_px": image_px})
    write_weights(path, Weights(header, network.state_dict()))


def settings(file: str | None = None) -> Settings:
    return Settings(model=LoudMouthSettings("Loud_Mouth"), evaluate_model_file=file, device="cpu")


def test_the_demo_weights_are_taken_where_none_are_given_and_are_called_so(
    checkpoints: Path,
) -> None:
    write_demo(checkpoints / "Loud_Mouth" / "demo.safetensors")
    built = build_model(SPEC, settings())
    assert built.weights.startswith("demo weights (small, trained on SynthTalk)")
    assert not built.model.training


def test_demo_weights_say_that_photographs_are_nothing_for_them(
    checkpoints: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_demo(checkpoints / "Loud_Mouth" / "demo.safetensors")
    built = build_model(SPEC, settings())
    built.warn_of_photographs(SPEC)
    assert "know drawn faces alone" in caplog.text
    caplog.clear()
    replace(built, kind="published").warn_of_photographs(SPEC)
    built.warn_of_photographs(replace(SPEC, needs_portrait=False))
    assert not caplog.text


def test_the_sizes_of_networks_come_from_the_weights_not_from_the_settings(
    checkpoints: Path,
) -> None:
    write_demo(checkpoints / "Loud_Mouth" / "demo.safetensors", image_px=24)
    built = build_model(SPEC, settings())
    assert built.model.state_dict()["open_mouth.picture"].shape == (3, 24, 24)


def test_a_model_without_any_weights_says_what_to_do(checkpoints: Path) -> None:
    with pytest.raises(CheckpointError, match=r"no demo weights here\. Give weights with"):
        build_model(SPEC, settings())


def test_weights_of_another_model_are_refused(checkpoints: Path, tmp_path: Path) -> None:
    write_demo(tmp_path / "other.safetensors", model="PC_AVS")
    with pytest.raises(CheckpointError, match="holds weights of 'PC_AVS'; this run is"):
        build_model(SPEC, settings(str(tmp_path / "other.safetensors")))


def test_a_model_without_parameters_needs_no_weights(checkpoints: Path) -> None:
    spec = discover().models.get("Still_Portrait")
    built = build_model(spec, Settings(model=ModelSettings("Still_Portrait"), device="cpu"))
    assert built.weights == "no weights, it needs none"


def test_a_stage_starts_from_the_networks_that_a_file_holds(tmp_path: Path) -> None:
    write_demo(tmp_path / "start.safetensors", image_px=24)
    model = LoudMouth(LoudMouthSettings(network=LoudMouthNetwork(24)))
    load_start(model, tmp_path / "start.safetensors")
    assert torch.all(model.open_mouth.picture == 0.5)
    smaller = LoudMouth(LoudMouthSettings(network=LoudMouthNetwork(16)))
    with pytest.raises(CheckpointError, match=r"open_mouth in .*does not fit OpenMouth"):
        load_start(smaller, tmp_path / "start.safetensors")


def test_a_declared_model_needs_a_class() -> None:
    from talkingface.errors import PluginError

    with pytest.raises(PluginError, match="cannot be imported"):
        build_model(ModelSpec("Empty", "Nothing.", model="talkingface.nothing:X"), settings())
