"""The recipe of PD_FGC for filmed people, at the published sizes."""

from pathlib import Path

import pytest

from tests.integration.full_size import two_steps_of_each_stage


@pytest.mark.slow
@pytest.mark.long  # minutes: a hundred million weights, pictures of 224 px
def test_each_stage_of_the_recipe_for_filmed_people_learns_at_full_size(tmp_path: Path) -> None:
    # Fewer frames of a clip than the recipe's 24 and 8, for the memory of a laptop.
    few = {"clip_frames": 4, "expression_frames": 2}
    witness = two_steps_of_each_stage("PD_FGC", tmp_path, **few)
    witness.check()
    assert [len(losses) for losses in witness.losses[::2]] == [1, 5, 3, 2, 5, 5, 12]
    assert {"eyes/eyes", "pose/pose"} == set(witness.losses[6])
    assert "generator/perceptual" in witness.losses[-1]
    assert witness.model.network.generator.sizes[-1] == 224
