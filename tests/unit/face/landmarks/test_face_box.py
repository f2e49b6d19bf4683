"""Boxes."""

import numpy as np
import pytest

from talkingface.face.landmarks import Box


def test_overlap_is_one_with_itself_none_apart_and_symmetric():
    box, other = Box(0, 0, 10, 20), Box(5, 10, 15, 30)
    assert box.overlap(box) == 1
    assert box.overlap(other) == other.overlap(box) == pytest.approx(50 / 350)
    assert box.overlap(Box(10, 0, 20, 20)) == 0
    assert Box(0, 0, 0, 0).overlap(Box(0, 0, 0, 0)) == 0


def test_the_box_around_points_touches_the_outermost():
    points = np.array([[3, 9], [1, 4], [8, 5]])
    assert Box.around(points) == (1, 4, 8, 9)
