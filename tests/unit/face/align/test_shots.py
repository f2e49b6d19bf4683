"""Cuts between shots."""

import numpy as np
import pytest

from talkingface.face.align.shots import shot_starts


def shot(level, count):
    noise = np.random.default_rng(level).integers(-4, 5, (count, 16, 16, 3))
    return (level + noise).astype(np.uint8)


def test_a_cut_is_found_where_it_is():
    pictures = np.concatenate([shot(40, 30), shot(200, 50), shot(90, 20)])
    assert shot_starts(iter(pictures)) == [0, 30, 80]


def test_a_flash_is_no_cut_soon_after_a_cut():
    pictures = np.concatenate([shot(40, 30), shot(200, 5), shot(40, 30)])
    assert shot_starts(pictures) == [0, 30]


@pytest.mark.parametrize("count", [0, 1])
def test_hardly_any_pictures_are_one_shot_at_most(count):
    assert shot_starts(shot(40, count)) == [0] * count
