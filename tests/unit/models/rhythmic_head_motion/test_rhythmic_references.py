"""Which frames become references."""

import numpy as np
import pytest

from talkingface.errors import DataError
from talkingface.models.rhythmic_head_motion import references


@pytest.fixture
def turning():
    """Motion of 40 frames of a head that turns ever further."""
    motion = np.zeros((40, 6))
    motion[:, 1] = np.linspace(0, 1, 40)
    return motion


@pytest.mark.parametrize("listed", [[], [0, 1, 2]])
def test_references_that_do_not_divide_their_number_are_refused(listed):
    with pytest.raises(DataError, match="divides 8"):
        references.repeated(listed, 8)


def test_the_most_open_mouths_are_found():
    landmarks = np.zeros((5, 68, 3))
    openings = [3, 9, 0, 12, 6]
    landmarks[:, references.LOWER_LIP, 1] = np.array(openings)[:, None]
    assert references.most_open_mouths(landmarks, 3).tolist() == [3, 1, 4]


def test_a_draw_keeps_references_and_target_apart(turning):
    chance = np.random.default_rng(0)
    draws = [references.draw(turning, 4, chance) for _ in range(200)]
    drawn = np.concatenate([one.references for one in draws])
    assert set(drawn) == set(range(10))  # the first quarter
    assert {one.target for one in draws} == set(range(10, 40))
    assert all(len(set(one.references)) == 4 for one in draws)
    assert all(one.warped in one.references for one in draws)


def test_three_of_four_draws_warp_the_farthest_reference(turning):
    chance = np.random.default_rng(0)
    draws = [references.draw(turning, 4, chance) for _ in range(1000)]
    share = np.mean([one.warped == one.references.min() for one in draws])
    # 0.75, and a quarter of the rest by chance; the deviation of 1000 draws is 0.012
    assert share == pytest.approx(0.75 + 0.25 / 4, abs=0.04)


def test_a_clip_needs_a_frame_besides_its_references(turning):
    assert references.draw(turning[:5], 4, np.random.default_rng(0)).target == 4
    with pytest.raises(DataError, match="at least 5 frames"):
        references.draw(turning[:4], 4, np.random.default_rng(0))
