"""The recipes that come with Speech2Talking_Face: for filmed people, and for the demo weights."""

from dataclasses import fields

import pytest

from talkingface.engine.stages import stages_of
from talkingface.models.pc_avs.config import PCAVSSizes
from talkingface.nn.growing_pictures import LEVELS_LEFT_OUT
from tests.recipes import check_says_all, check_stages, resolved_of
from tests.unit.models.pc_avs.tiny_voice import voice_learner

DEMO = "properties/demo/Speech2Talking_Face.yaml"
RECIPES = {
    "filmed": resolved_of(model="Speech2Talking_Face", dataset="VoxCeleb2").settings,
    "demo": resolved_of(DEMO).settings,
}


@pytest.fixture(params=RECIPES)
def settings(request):
    """Return the settings of one recipe."""
    return RECIPES[request.param]


def test_every_stage_names_what_there_is_and_teaches_all_that_it_names(settings) -> None:
    check_stages(voice_learner(), settings.train)


def test_nobody_is_heard_before_the_voice_has_learnt_and_in_the_end_all_are(settings) -> None:
    stages = stages_of(voice_learner(), settings.train)
    (voice,) = [place for place, stage in enumerate(stages) if stage.phases == ("voice",)]

    def drawn(some) -> int:
        return sum(stage.steps for stage in some if set(stage.phases) & set(LEVELS_LEFT_OUT))

    assert drawn(stages[:voice]) <= settings.model.seen_steps
    assert settings.model.seen_steps + settings.model.curriculum_steps < drawn(stages)
    assert all("portrait_encoder" not in stage.learns for stage in stages[voice:])


def test_the_demo_starts_from_networks_of_the_sizes_of_pc_avs() -> None:
    own, other = RECIPES["demo"], resolved_of("properties/demo/PC_AVS.yaml").settings
    for one in fields(PCAVSSizes):
        assert getattr(own.model.network, one.name) == getattr(other.model.network, one.name)
    starts = [stage.starts_from for stage in own.train.stages if stage.starts_from]
    assert starts == ["checkpoints/PC_AVS/demo.safetensors"]


def test_the_recipe_of_the_demo_weights_says_all_that_it_means(monkeypatch) -> None:
    check_says_all(DEMO, monkeypatch)
