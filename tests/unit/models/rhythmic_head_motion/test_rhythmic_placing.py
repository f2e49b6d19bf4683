"""From the view in which faces act into pictures."""

import numpy as np

from talkingface.face.align.crop import RectangleCrop, points_in
from talkingface.face.pose.canonical import CANONICAL_FACE
from talkingface.face.pose.rigid import frontal, head_motions, posed
from talkingface.models.rhythmic_head_motion.head_rules import turned
from talkingface.models.rhythmic_head_motion.placing import (
    Placing,
    middles,
    motions_of,
    turns_to_front,
)

CROP = RectangleCrop(30, -12, 230, 188, 256)
HEADS = posed(
    CANONICAL_FACE[None],
    turned(np.zeros(6), np.radians([(0, 0, 0), (20, 5, -8), (-15, -9, 12)])),
)


def test_points_of_the_view_go_back_to_where_they_came_from():
    there = Placing.of(CROP.matrix).points(points_in(CROP, HEADS))
    np.testing.assert_allclose(there, HEADS, atol=1e-9)


def test_a_picture_that_is_resized_takes_its_points_along():
    """As OpenCV resizes: a pixel is a square whose centre stands half a pixel in."""
    smaller = Placing.of(CROP.matrix).resized(0.5).points(points_in(CROP, HEADS))
    np.testing.assert_allclose(smaller[..., :2], (HEADS[..., :2] + 0.5) / 2 - 0.5, atol=1e-9)


def test_faces_that_act_in_the_view_are_posed_alike_in_the_picture():
    acting = points_in(CROP, HEADS)
    motions = head_motions(acting)
    fronts = frontal(acting, motions)
    placing = Placing.of(CROP.matrix)
    there = posed(placing.fronts(fronts), placing.motions(motions))
    np.testing.assert_allclose(there, HEADS, atol=1e-9)


def test_a_motion_is_a_turn_and_a_place():
    motions = head_motions(HEADS)
    again = motions_of(turns_to_front(motions), middles(motions))
    np.testing.assert_allclose(again, motions, atol=1e-9)
