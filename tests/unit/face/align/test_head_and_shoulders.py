"""The crop of Rhythmic head motion, by hand."""

import numpy as np
import pytest

from talkingface.face.align.head_and_shoulders import fixed_crop, gliding_crops


@pytest.fixture
def points():
    """Three frames of a face 180 px high whose eyes lie at (200, 150), then 10 and 20 px right."""
    face = np.zeros((68, 2))
    face[:17] = np.linspace((120, 140), (280, 140), 17)
    face[8] = (200, 310)
    face[17:] = (200, 150)
    face[36:41], face[41] = (160, 150), (999, 150)  # the last point of an eye does not count
    face[42:47], face[47] = (240, 150), (120, 130)
    face[41] = (250, 150)
    return face + np.arange(3)[:, None, None] * (10, 0)


def test_the_square_is_laid_out_from_the_eyes_in_units_of_the_face(points):
    crop = fixed_crop(points)
    # the face is 180 px: twice 90, so the side is 410, 200 px left of and 160 px above the eyes
    assert (crop.left, crop.top) == (200 + 10 - 200, 150 - 160)
    assert (crop.right - crop.left, crop.bottom - crop.top) == (410, 410)
    assert crop.size == 256


def test_a_gliding_crop_follows_the_eyes_and_keeps_its_size(points):
    crops = gliding_crops(np.concatenate([points[:1]] * 20 + [points[2:]] * 20))
    lefts = [crop.left for crop in crops]
    assert (lefts[0], lefts[-1]) == (0, 20)
    assert lefts == sorted(lefts)
    assert {crop.right - crop.left for crop in crops} == {410}


def test_a_single_picture_gives_the_same_square_either_way(points):
    assert gliding_crops(points[:1]) == [fixed_crop(points[:1])]
