"""The boxes of eyes and mouth."""

import numpy as np

from talkingface.face.pose.canonical import CANONICAL_FACE
from talkingface.face.regions import eye_and_mouth_boxes, eye_and_mouth_mask


def test_boxes_hold_the_points_with_a_margin():
    left_eye, _, mouth = eye_and_mouth_boxes(CANONICAL_FACE)
    np.testing.assert_array_equal(left_eye, [86 - 2, 103 - 2, 110 + 2, 112 + 2])
    np.testing.assert_array_equal(mouth, [104 - 5, 161, 152 + 5, 182 + 5])


def test_boxes_end_at_the_pictures_edge():
    boxes = eye_and_mouth_boxes(CANONICAL_FACE - (120, 0, 0))
    assert boxes.min() == 0
    assert eye_and_mouth_mask(CANONICAL_FACE - (-120, 0, 0)).shape == (256, 256)


def test_the_mask_covers_the_boxes_and_nothing_else():
    areas = [(r - x) * (b - y) for x, y, r, b in eye_and_mouth_boxes(CANONICAL_FACE)]
    assert eye_and_mouth_mask(CANONICAL_FACE).sum() == sum(areas)


def test_with_brows_one_box_is_around_both_eyes():
    eyes, mouth = eye_and_mouth_boxes(CANONICAL_FACE, with_brows=True)
    # from the corner of the left eye to the end of the right brow, from a brow to the corners
    np.testing.assert_array_equal(eyes, [86 - 5, 87 - 5, 178 + 5, 108 + 5])
    np.testing.assert_array_equal(mouth, eye_and_mouth_boxes(CANONICAL_FACE)[2])
