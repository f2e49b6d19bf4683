"""The recipe of PC_AVS for filmed people, at the published sizes."""

from pathlib import Path

import pytest

from tests.integration.full_size import two_steps_of_each_stage


@pytest.mark.slow
@pytest.mark.long  # minutes: a hundred million weights, pictures of 224 px
def test_each_stage_of_the_recipe_for_filmed_people_learns_at_full_size(tmp_path: Path) -> None:
    # Fewer frames of a clip than the recipe's 24, for the memory of a laptop.
    witness = two_steps_of_each_stage("PC_AVS", tmp_path, clip_frames=4, joined_frames=2)
    witness.check()
    assert [len(losses) for losses in witness.losses] == [1, 1, 3, 3, 7, 7, 7, 7, 12, 12]
    assert "generator/perceptual" in witness.losses[-1]
    assert witness.model.network.generator.sizes[-1] == 224
