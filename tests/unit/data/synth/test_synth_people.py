"""People: a number is a person, and people differ."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from talkingface.data.synth import factor_row, neutral_factors, person, person_named, render, truth
from talkingface.data.synth.head import head_of


def test_the_same_number_is_the_same_person_after_others_were_drawn() -> None:
    first = person(41)
    person.cache_clear()
    person(7)
    assert person(41) == first
    assert person_named(first.name) == first


def test_people_look_different_from_each_other() -> None:
    faces = [render(person(n), neutral_factors()[0], 28).astype(float) for n in range(40)]
    nearest = min(np.abs(a - b).mean() for a, b in combinations(faces, 2))
    assert nearest > 8  # grey levels; another gaze of the same person changes about 1


def test_all_styles_occur_among_two_hundred_people() -> None:
    looks = [person(number).look for number in range(200)]
    assert len({look.hair_style for look in looks}) == 10
    assert len({look.beard for look in looks}) == 5
    assert len({look.clothing for look in looks}) == 4
    assert {look.glasses for look in looks} == {"none", "round", "square"}
    brightness = [sum(look.skin) / 3 for look in looks]
    assert min(brightness) < 90
    assert max(brightness) > 195


@pytest.mark.parametrize("number", range(6))
def test_a_head_is_symmetric_at_rest(number: int) -> None:
    # Only the parting and the unevenness of hair tell left from right.
    head = head_of(person(number))
    left = head.neutral[head.parts["lid_upper_left"]]
    right = head.neutral[head.parts["lid_upper_right"]][::-1]
    np.testing.assert_allclose(left * (-1, 1, 1), right, atol=1e-5)  # float32 of order 1


def test_every_person_can_be_drawn_in_every_pose() -> None:
    for number in range(60, 90):
        row = factor_row(yaw=0.6 * (-1) ** number, pitch=-0.3, roll=0.25, open=1, surprised=1)
        picture = render(person(number), row, 56)
        assert picture.shape == (56, 56, 3)
        assert picture.std() > 15


def test_the_arm_of_glasses_reaches_the_ear_of_a_head_that_is_turned() -> None:
    someone = next(one for one in map(person, range(60)) if one.look.glasses == "square")
    turned = factor_row(yaw=float(np.radians(30)))
    bare = replace(someone, look=replace(someone.look, glasses="none"))
    with_arm = render(someone, turned, 224).astype(int)
    difference = np.abs(with_arm - render(bare, turned, 224)).max(axis=2)
    truth_row = truth(someone, turned[None], 224)
    jaw_hinge, eye_corner = truth_row.landmarks[0, 0, 0], truth_row.landmarks[0, 36, 0]
    drawn = np.flatnonzero(difference.max(axis=0) > 30)
    # The first point of the jaw lies below the ear; without the arm's last part 18 px are missing.
    assert drawn.min() < jaw_hinge + 0.15 * (eye_corner - jaw_hinge)
