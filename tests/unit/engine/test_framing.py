"""A face that lies elsewhere than the methods know it is noticed."""

import numpy as np
import pytest
from skimage.data import astronaut

from talkingface.data.synth import factor_row, person, render
from talkingface.data.synth.camera import PORTRAIT
from talkingface.engine.framing import (
    FARTHEST,
    placement,
    warn_of_another_place,
    warn_of_what_is_beyond,
)
from talkingface.face.align.view import view_crops
from talkingface.face.landmarks import find_face, open_finder


@pytest.fixture(scope="module")
def finder():
    return open_finder()


@pytest.mark.parametrize("number", [0, 3])
def test_a_drawn_face_is_where_it_belongs(finder, number: int) -> None:
    picture = render(person(number), factor_row(), 224)
    found = placement(picture, finder)
    assert found.distance < FARTHEST / 2
    assert abs(found.size - 1) < 0.1
    assert abs(found.turn) < 5


def test_what_is_off_is_measured(finder) -> None:
    """A drawn face is put into a larger picture, where it is smaller and to the upper left."""
    canvas = np.full((448, 448, 3), 200, np.uint8)
    face = render(person(0), factor_row(), 224)
    canvas[40:264, 20:244] = face
    there, here = placement(face, finder), placement(canvas, finder)
    assert here.size == pytest.approx(there.size / 2, rel=0.05)
    # eyes and mouth belong around (0.5, 0.44), and lie at half of it, from (20, 40) on
    assert here.right == pytest.approx(20 / 448 + 0.25 - 0.5, abs=0.03)
    assert here.down == pytest.approx(40 / 448 + 0.22 - 0.44, abs=0.04)
    assert abs(here.turn) < 5
    assert "0.5" in str(here)
    assert "to the left" in str(here)
    assert "% up" in str(here)


def test_a_photograph_is_not_until_it_is_aligned(finder) -> None:
    photograph = astronaut()
    assert placement(photograph, finder).distance > FARTHEST
    points = find_face(photograph, finder).points
    aligned = view_crops(points[None], "face")[0].cut(photograph)
    assert placement(aligned, finder).distance < FARTHEST / 2


def test_a_method_that_sees_heads_knows_them_farther_away(finder) -> None:
    near = render(person(0), factor_row(), 224)
    far = render(person(0), factor_row(), 224, PORTRAIT)
    assert placement(far, finder, "head").distance < FARTHEST
    assert placement(near, finder, "head").size == pytest.approx(1.4, abs=0.1)  # 104/224 to 0.322
    points = find_face(astronaut(), finder).points
    cut = view_crops(points[None], "head")[0].cut(astronaut())
    assert placement(cut, finder, "head").distance < FARTHEST / 2


def test_a_picture_without_a_face_is_taken_as_it_is(finder) -> None:
    assert placement(np.full((120, 120, 3), 90, np.uint8), finder) is None


def test_a_face_elsewhere_is_warned_of_with_the_cure(caplog) -> None:
    warn_of_another_place(astronaut(), "astronaut.png", "Add --align.")
    warn_of_another_place(render(person(0), factor_row(), 224), "drawn.png", "Add --align.")
    warn_of_another_place(astronaut(), "astronaut.png", "Add --align.", "whole")
    (record,) = caplog.records
    assert record.message.startswith("The face in astronaut.png lies ")
    assert record.message.endswith("will look wrong. Add --align.")


def test_what_lies_beyond_a_picture_is_told(finder, caplog) -> None:
    whole = astronaut()
    points = find_face(whole, finder).points
    (crop,) = view_crops(points[None], "head")
    warn_of_what_is_beyond(whole, crop, "whole.png")
    assert not caplog.records
    half = whole[: int(points[:, 1].max())]  # down to the chin
    warn_of_what_is_beyond(half, crop, "half.png")
    (record,) = caplog.records
    black = 100 * (crop.cut(half) == 0).all(axis=2).mean()
    told = float(record.message.split("person ")[1].split(" %")[0])
    assert told == pytest.approx(black, abs=3)  # some of what is there is black too
    assert "edge of half.png" in record.message
