"""What holds of every recipe that comes with a method, whoever it teaches."""

from collections.abc import Iterable

import pytest
from torch import nn

from talkingface.config import layers
from talkingface.config.layers import Resolved, resolve
from talkingface.config.settings import TrainSettings
from talkingface.config.yaml_tree import Origin, Scalar, Section
from talkingface.engine.stages import optimizer_of, stages_of
from talkingface.models.base import TalkingFaceModel
from talkingface.plugins import discover

MOST_BYTES = 10_000_000  # of demo weights, as the repository takes them


def resolved_of(*files: str, **chosen: str) -> Resolved:
    """Return the settings of files, and of a model and a dataset that are chosen by name."""
    origin = Origin("test")
    words = Section({key: Scalar(name, origin) for key, name in chosen.items()}, origin)
    return resolve(discover(), words, files)


def check_stages(model: TalkingFaceModel, train: TrainSettings) -> None:
    """See that each stage names networks that are there, and that its phases teach all of them."""
    for stage in stages_of(model, train):
        learning = set()
        for phase in stage.phases:
            groups = optimizer_of(model, phase, stage, train).param_groups
            learning |= {id(one) for group in groups for one in group["params"]}
        for name in stage.learns:
            assert {id(one) for one in model.networks[name].parameters()} <= learning, name


def check_recipe_for_training_alone(model: str, dataset: str, settings: object) -> None:
    """See that who only generates has the defaults of a method, whatever its recipe says."""
    resolved = resolved_of(model=model)
    assert resolved.settings.dataset.name == dataset
    assert resolved.settings.model == settings
    assert not resolved.settings.train.enabled
    recipe = f"properties/model/{model}.yaml"
    said = [key for key, origin in resolved.origins.items() if origin.startswith(recipe)]
    assert {key.split(".")[0] for key in said} == {"dataset", "train"}


def check_says_all(demo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """See that a recipe of demo weights does not lean on that for filmed people."""
    with_both = resolved_of(demo).settings
    shipped = layers._shipped
    monkeypatch.setattr(
        layers, "_shipped", lambda *parts: [] if parts[0] == "model" else shipped(*parts)
    )
    assert resolved_of(demo).settings == with_both


def num_bytes(networks: Iterable[nn.Module]) -> int:
    """Return the size of a file of networks in half precision."""
    return 2 * sum(one.numel() for part in networks for one in part.state_dict().values())
