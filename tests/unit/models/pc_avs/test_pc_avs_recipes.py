"""The recipes that come with PC_AVS: for filmed people at full size, and for the demo weights."""

import pytest

from talkingface.models.pc_avs.config import PCAVSSettings, PCAVSSizes
from talkingface.models.pc_avs.model import PCAVS
from tests.recipes import (
    check_recipe_for_training_alone,
    check_says_all,
    check_stages,
    resolved_of,
)
from tests.unit.models.pc_avs.tiny import learner, settings

DEMO = "properties/demo/PC_AVS.yaml"


FILMED = resolved_of(model="PC_AVS", dataset="VoxCeleb2").settings


@pytest.mark.parametrize("recipe", [FILMED, resolved_of(DEMO).settings], ids=["filmed", "demo"])
def test_every_stage_names_what_there_is_and_teaches_all_that_it_names(recipe) -> None:
    check_stages(learner(), recipe.train)


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
    named = PCAVSSettings("PC_AVS", network=PCAVSSizes())
    check_recipe_for_training_alone("PC_AVS", "PC_AVSDataset", named)


def test_the_recipe_of_the_demo_weights_says_all_that_it_means(monkeypatch) -> None:
    check_says_all(DEMO, monkeypatch)
