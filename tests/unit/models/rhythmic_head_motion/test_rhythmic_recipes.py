"""The recipes that come with Rhythmic_Head_Motion: for filmed people, and for the demo weights."""

import pytest
import torch

from talkingface.cli import main
from talkingface.config.locations import properties_folder
from talkingface.models.rhythmic_head_motion.acting_model import head_of, lips_of
from talkingface.models.rhythmic_head_motion.assembly import generator_of
from talkingface.models.rhythmic_head_motion.rhythmic_config import RhythmicSettings, RhythmicSizes
from tests.recipes import (
    MOST_BYTES,
    check_recipe_for_training_alone,
    check_says_all,
    check_stages,
    num_bytes,
    resolved_of,
)
from tests.unit.models.rhythmic_head_motion.rhythmic_tiny import learner

DEMO = "properties/demo/Rhythmic_Head_Motion.yaml"


FILMED = resolved_of(model="Rhythmic_Head_Motion").settings
DEMONSTRATION = resolved_of(DEMO).settings


@pytest.mark.parametrize("settings", [FILMED, DEMONSTRATION], ids=["filmed", "demo"])
def test_every_stage_names_what_there_is_and_teaches_all_that_it_names(settings) -> None:
    check_stages(learner(), settings.train)


def test_losses_and_rates_of_the_generator_are_the_authors() -> None:
    stage = FILMED.train.stages[-1]
    published = {"gan": 1, "features": 10, "perceptual": 10, "flow": 10, "warp": 10}
    weights = FILMED.train.loss_weights | stage.loss_weights
    assert weights == {**published, **dict.fromkeys(NONE, 0)}
    assert stage.phases == ("generator", "discriminator")
    assert FILMED.train.betas == (0, 0.999)
    assert stage.learning_rate == 4e-4 / 2
    assert stage.learning_rate * stage.rate_scale["discriminator"] == 2 * 4e-4
    assert FILMED.train.batch_size == 4


NONE = ("mask", "face_l1", "mask_l1", "patches", "edges")  # off in the authors' README


@pytest.mark.parametrize("dataset", ["VoxCeleb2", "CREMA_D", "GRID", "LRS3"])
def test_the_recipe_is_the_same_for_every_corpus_of_filmed_people(dataset: str) -> None:
    settings = resolved_of(model="Rhythmic_Head_Motion", dataset=dataset).settings
    assert settings.dataset.name == dataset
    assert settings.train == FILMED.train
    assert settings.model == FILMED.model


def test_every_call_that_the_recipe_names_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    lines = (properties_folder() / "model" / "Rhythmic_Head_Motion.yaml").read_text().splitlines()
    calls = [line.split()[4:] for line in lines if "run_talkingface.py train" in line]
    for words in calls:
        assert main(["config", *words]) == 0, capsys.readouterr().err
    assert len(calls) == 5


def test_the_published_sizes_are_the_defaults_and_the_recipe_is_for_training_alone() -> None:
    named = RhythmicSettings("Rhythmic_Head_Motion", network=RhythmicSizes())
    check_recipe_for_training_alone("Rhythmic_Head_Motion", "Rhythmic_Head_MotionDataset", named)


def test_the_recipe_of_the_demo_weights_says_all_that_it_means(monkeypatch) -> None:
    check_says_all(DEMO, monkeypatch)


def test_lips_and_head_of_the_demo_weights_are_those_of_mesh_warp() -> None:
    both = (DEMONSTRATION, resolved_of("properties/demo/Mesh_Warp.yaml").settings)
    for network in (lips_of, head_of):
        with torch.device("meta"):  # sizes alone
            mine, theirs = (network(one.model.network).state_dict() for one in both)
        assert {name: one.shape for name, one in mine.items()} == {
            name: one.shape for name, one in theirs.items()
        }
    mine, theirs = (one.model.network for one in both)
    assert (mine.head_hearing, mine.head_history) == (theirs.head_hearing, theirs.head_history)


def test_demo_weights_are_small() -> None:
    sizes = DEMONSTRATION.model.network
    assert num_bytes([lips_of(sizes), head_of(sizes), generator_of(sizes)]) < MOST_BYTES
