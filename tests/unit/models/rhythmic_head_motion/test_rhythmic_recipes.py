"""The recipes that come with Rhythmic_Head_Motion: for filmed people, and for the demo weights."""

import pytest

from talkingface.cli import main
from talkingface.config import layers
from talkingface.config.layers import Resolved, resolve
from talkingface.config.locations import properties_folder
from talkingface.config.yaml_tree import Origin, Scalar, Section
from talkingface.engine.stages import optimizer_of, stages_of
from talkingface.models.rhythmic_head_motion.acting_model import head_of, lips_of
from talkingface.models.rhythmic_head_motion.assembly import generator_of
from talkingface.models.rhythmic_head_motion.rhythmic_config import RhythmicSettings, RhythmicSizes
from talkingface.plugins import discover
from tests.unit.models.rhythmic_head_motion.rhythmic_tiny import learner

DEMO = "properties/demo/Rhythmic_Head_Motion.yaml"
RECIPE = "properties/model/Rhythmic_Head_Motion.yaml"
MOST_BYTES = 10_000_000  # of demo weights, as the repository takes them


def resolved_of(*files: str, **chosen: str) -> Resolved:
    origin = Origin("test")
    words = Section({key: Scalar(name, origin) for key, name in chosen.items()}, origin)
    return resolve(discover(), words, files)


FILMED = resolved_of(model="Rhythmic_Head_Motion").settings
DEMONSTRATION = resolved_of(DEMO).settings


@pytest.mark.parametrize("settings", [FILMED, DEMONSTRATION], ids=["filmed", "demo"])
def test_every_stage_names_what_there_is_and_teaches_all_that_it_names(settings) -> None:
    model = learner()
    for stage in stages_of(model, settings.train):
        learning = set()
        for phase in stage.phases:
            groups = optimizer_of(model, phase, stage, settings.train).param_groups
            learning |= {id(one) for group in groups for one in group["params"]}
        for name in stage.learns:
            assert {id(one) for one in model.networks[name].parameters()} <= learning, name


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
    resolved = resolved_of(model="Rhythmic_Head_Motion")
    assert resolved.settings.dataset.name == "Rhythmic_Head_MotionDataset"
    named = RhythmicSettings("Rhythmic_Head_Motion", network=RhythmicSizes())
    assert resolved.settings.model == named
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


def test_lips_and_head_of_the_demo_weights_are_those_of_mesh_warp() -> None:
    both = (DEMONSTRATION, resolved_of("properties/demo/Mesh_Warp.yaml").settings)
    for network in (lips_of, head_of):
        mine, theirs = (network(one.model.network).state_dict() for one in both)
        assert {name: one.shape for name, one in mine.items()} == {
            name: one.shape for name, one in theirs.items()
        }
    mine, theirs = (one.model.network for one in both)
    assert (mine.head_hearing, mine.head_history) == (theirs.head_hearing, theirs.head_history)


def test_demo_weights_are_small() -> None:
    sizes = DEMONSTRATION.model.network
    parts = (lips_of(sizes), head_of(sizes), generator_of(sizes))
    numbers = sum(one.numel() for part in parts for one in part.state_dict().values())
    assert 2 * numbers < MOST_BYTES  # half floats
