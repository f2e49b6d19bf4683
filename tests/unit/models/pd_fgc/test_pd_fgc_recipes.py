"""The recipes that come with PD_FGC: for filmed people at full size, and for the demo weights."""

import pytest
import torch

from talkingface.models.pd_fgc.config import PDFGCSettings, PDFGCSizes
from talkingface.models.pd_fgc.model import PDFGC
from tests.recipes import (
    MOST_BYTES,
    check_recipe_for_training_alone,
    check_says_all,
    check_stages,
    num_bytes,
    resolved_of,
)
from tests.unit.models.pd_fgc.narrow import learner

DEMO = "properties/demo/PD_FGC.yaml"


FILMED = resolved_of(model="PD_FGC", dataset="VoxCeleb2").settings
DEMONSTRATION = resolved_of(DEMO).settings


@pytest.mark.parametrize("settings", [FILMED, DEMONSTRATION], ids=["filmed", "demo"])
def test_every_stage_names_what_there_is_and_teaches_all_that_it_names(settings) -> None:
    check_stages(learner(), settings.train)


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
    named = PDFGCSettings("PD_FGC", network=PDFGCSizes())
    check_recipe_for_training_alone("PD_FGC", "PD_FGCDataset", named)


def test_the_recipe_of_the_demo_weights_says_all_that_it_means(monkeypatch) -> None:
    check_says_all(DEMO, monkeypatch)


def test_demo_weights_are_small_and_mean_what_they_say() -> None:
    """Codes are taught as they are, so generation must not make them larger."""
    sizes = DEMONSTRATION.model.network
    assert (sizes.lip_gain, sizes.emotion_gain, sizes.eye_gain) == (1, 1, 1)
    with torch.device("meta"):  # sizes alone
        assert num_bytes([PDFGC(DEMONSTRATION.model)]) < MOST_BYTES
