"""A face that lies elsewhere than the methods know it is noticed."""

import numpy as np
import pytest
from skimage.data import astronaut

from talkingface.data.synth import factor_row, person, render
from talkingface.engine.framing import (
    FARTHEST,
    as_networks_see,
    distance_from_place,
    warn_of_another_place,
)
from talkingface.face.landmarks import find_face, open_finder


@pytest.fixture(scope="module")
def finder():
    return open_finder()


@pytest.mark.parametrize("number", [0, 3])
def test_a_drawn_face_is_where_it_belongs(finder, number: int) -> None:
    picture = render(person(number), factor_row(), 224)
    assert distance_from_place(picture, finder) < FARTHEST / 2


def test_a_photograph_is_not_until_it_is_aligned(finder) -> None:
    photograph = astronaut()
    assert distance_from_place(photograph, finder) > FARTHEST
    points = find_face(photograph, finder).points
    aligned = as_networks_see(points[None])[0].cut(photograph)
    assert distance_from_place(aligned, finder) < FARTHEST / 2


def test_a_picture_without_a_face_is_taken_as_it_is(finder) -> None:
    assert distance_from_place(np.full((120, 120, 3), 90, np.uint8), finder) == 0.0


def test_a_face_elsewhere_is_warned_of_with_the_cure(caplog) -> None:
    warn_of_another_place(astronaut(), "astronaut.png", "Add --align.")
    warn_of_another_place(render(person(0), factor_row(), 224), "drawn.png", "Add --align.")
    (record,) = caplog.records
    assert record.message.startswith("The face in astronaut.png lies ")
    assert record.message.endswith("will look wrong. Add --align.")
