"""The recipe of Rhythmic_Head_Motion for filmed people, at the published sizes."""

from pathlib import Path

import pytest

from talkingface.models.rhythmic_head_motion.rhythmic_config import RhythmicSizes
from tests.integration.full_size import two_steps_of_each_stage


@pytest.mark.slow
@pytest.mark.long  # minutes: 160 million weights, pictures of 256 px
def test_each_stage_of_the_recipe_for_filmed_people_learns_at_full_size(tmp_path: Path) -> None:
    # Videos of a second are shorter than the head's 64 and 64 frames, which are no part of shapes.
    few = RhythmicSizes(head_history=13, head_future=8)
    witness = two_steps_of_each_stage("Rhythmic_Head_Motion", tmp_path, network=few)
    witness.check()
    assert [len(losses) for losses in witness.losses[::2]] == [3, 4, 12]
    assert "generator/perceptual" in witness.losses[-1]
    assert witness.model.generator.few_shot.channels == (32, 64, 128, 256, 512, 1024)
