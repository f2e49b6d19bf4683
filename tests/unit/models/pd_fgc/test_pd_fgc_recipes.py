"""The recipes that come with PD_FGC: for filmed people at full size, and for the demo weights."""

import pytest

from talkingface.config import layers
from talkingface.config.layers import Resolved, resolve
from talkingface.config.yaml_tree import Origin, Scalar, Section
from talkingface.engine.stages import optimizer_of, stages_of
from talkingface.models.pd_fgc.config import PDFGCSettings, PDFGCSizes
from talkingface.models.pd_fgc.model import PDFGC
from talkingface.plugins import discover
from tests.unit.models.pd_fgc.narrow import learner

DEMO, RECIPE = "properties/demo/PD_FGC.yaml", "properties/model/PD_FGC.yaml"
MOST_BYTES = 10_000_000  # of demo weights, as the repository takes them


def resolved_of(*files: str, **chosen: str) -> Resolved:
    origin = Origin("test")
    words = Section({key: Scalar(name, origin) for key, name in chosen.items()}, origin)
    return resolve(discover(), words, files)


FILMED = resolved_of(model="PD_FGC", dataset="VoxCeleb2").settings
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


def test_filmed_people_teach_one_factor_after_the_other() -> None:
    phases = [stage.phases for stage in FILMED.train.stages]
    assert phases == [
        ("identity",),
        ("unified",),
        ("lips",),
        ("eyes", "pose"),
        ("expression", "quarter_size"),
        ("expression", "half_size"),
        ("expression", "generator", "discriminator"),
    ]
    taught = {name for stage in FILMED.train.stages for name in stage.learns}
    assert taught == set(learner().networks) - {"lip_reader"}


def test_what_moves_rests_once_it_is_learnt() -> None:
    """As in the paper: the last stages draw from encoders that are finished."""
    for settings, finished in ((FILMED, 4), (DEMONSTRATION, 2)):
        drawing = {name for one in settings.train.stages[finished:] for name in one.learns}
        rests = {"motion_encoder", "to_eye", "eye_embed", "to_headpose", "headpose_embed"}
        assert not rests & drawing


def test_the_published_sizes_are_the_defaults_and_the_recipe_is_for_training_alone() -> None:
    resolved = resolved_of(model="PD_FGC")
    assert resolved.settings.dataset.name == "PD_FGCDataset"
    assert resolved.settings.model == PDFGCSettings("PD_FGC", network=PDFGCSizes())
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


def test_demo_weights_are_small_and_mean_what_they_say() -> None:
    """Codes are taught as they are, so generation must not make them larger."""
    sizes = DEMONSTRATION.model.network
    assert (sizes.lip_gain, sizes.emotion_gain, sizes.eye_gain) == (1, 1, 1)
    model = PDFGC(DEMONSTRATION.model)
    assert 2 * sum(one.numel() for one in model.state_dict().values()) < MOST_BYTES  # half floats
