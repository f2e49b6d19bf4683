"""Places in a face hold what moves there."""

from dataclasses import replace

import numpy as np

from talkingface.data.examples.places import (
    USUAL_LEFT_EYE,
    USUAL_MOUTH,
    USUAL_RIGHT_EYE,
    mouth_and_eyes,
    mouths,
)
from tests.talking_people import PX, talking_people

PARTS = (slice(48, 68), slice(36, 42), slice(42, 48))


def test_each_part_lies_inside_its_ellipse_and_outside_the_others():
    clip = talking_people()[0]
    places = mouth_and_eyes(clip)
    np.testing.assert_array_equal(places[:, 0], mouths(clip))
    middles, halves = places[:, :, :2], places[:, :, 2:]
    for index, part in enumerate(PARTS):
        points = clip.truth("landmarks")[:, part] / PX
        middle, half = middles[:, index, None], halves[:, index, None]
        assert (np.abs(points - middle) <= half + 1e-6).all()  # float32
        for other in {0, 1, 2} - {index}:
            away = np.abs(points.mean(axis=1) - middles[:, other]) / halves[:, other]
            assert (away.max(axis=1) > 1).all()


def test_where_landmarks_are_not_known_parts_are_where_alignment_puts_them():
    clip = talking_people()[0]
    filmed = mouth_and_eyes(replace(clip, known={}))
    usual = np.stack([USUAL_MOUTH, USUAL_LEFT_EYE, USUAL_RIGHT_EYE])
    assert (filmed == usual).all()
    drawn = np.mean([mouth_and_eyes(one).mean(axis=0) for one in talking_people()], axis=0)
    # SynthTalk has the same framing; heads turn, and faces differ
    np.testing.assert_allclose(filmed[0, :, :2], drawn[:, :2], atol=0.06)
