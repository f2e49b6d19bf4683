"""The recipes that come with PC_AVS: for filmed people at full size, and for the demo weights."""

import pytest

from talkingface.config import layers
from talkingface.config.layers import Resolved, resolve
from talkingface.config.yaml_tree import Origin, Scalar, Section
from talkingface.engine.stages import optimizer_of, stages_of
from talkingface.models.pc_avs.config import PCAVSSettings, PCAVSSizes
from talkingface.models.pc_avs.model import PCAVS
from talkingface.plugins import discover
from tests.unit.models.pc_avs.tiny import learner, settings

DEMO, RECIPE = "properties/demo/PC_AVS.yaml", "properties/model/PC_AVS.yaml"


def resolved_of(*files: str, **chosen: str) -> Resolved:
    origin = Origin("test")
    words = Section({key: Scalar(name, origin) for key, name in chosen.items()}, origin)
    return resolve(discover(), words, files)


FILMED = resolved_of(model="PC_AVS", dataset="VoxCeleb2").settings


@pytest.mark.parametrize("recipe", [FILMED, resolved_of(DEMO).settings], ids=["filmed", "demo"])
def test_every_stage_names_what_there_is_and_teaches_all_that_it_names(recipe) -> None:
    model = learner()
    for stage in stages_of(model, recipe.train):
        learning = set()
        for phase in stage.phases:
            groups = optimizer_of(model, phase, stage, recipe.train).param_groups
            learning |= {id(one) for group in groups for one in group["params"]}
        for name in stage.learns:
            assert {id(one) for one in model.networks[name].parameters()} <= learning, name


def test_filmed_people_are_told_apart_then_heard_then_drawn() -> None:
    stages = FILMED.train.stages
    assert [stage.phases for stage in stages] == [
        ("identity",),
        ("motion",),
        ("motion", "quarter_size"),
        ("motion", "half_size"),
        ("motion", "generator", "discriminator"),
    ]
    parts = set(PCAVS(settings()).networks)
    assert [set(stage.learns) for stage in stages[2:]] == [parts, parts, parts | {"discriminator"}]
    weights = FILMED.train.loss_weights | stages[-1].loss_weights
    published = {
        **{"gan": 1, "features": 10, "pixels": 10, "perceptual": 10},
        **{"speech_to_mouth": 100, "mouth_to_speech": 100, "cross_modal": 1},
    }
    assert {name: weights[name] for name in published} == published


def test_the_published_sizes_are_the_defaults_and_the_recipe_is_for_training_alone() -> None:
    resolved = resolved_of(model="PC_AVS")
    assert resolved.settings.dataset.name == "PC_AVSDataset"
    assert resolved.settings.model == PCAVSSettings("PC_AVS", network=PCAVSSizes())
    assert not resolved.settings.train.enabled
    said = [key for key, origin in resolved.origins.items() if origin.startswith(RECIPE)]
    assert {key.split(".")[0] for key in said} == {"dataset", "train"}


def test_the_recipe_of_the_demo_weights_says_all_that_it_means(monkeypatch) -> None:
    with_both = resolved_of(DEMO).settings
    shipped = layers._shipped
    monkeypatch.setattr(
        layers, "_shipped", lambda *parts: [] if parts[0] == "model" else shipped(*parts)
    )
    assert resolved_of(DEMO).settings == with_both
