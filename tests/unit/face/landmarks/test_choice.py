"""Which of several faces is taken, and what is said when none will do."""

import numpy as np
import pytest

from talkingface.face.landmarks.choice import UnusableFaceError, check_usable, choose
from talkingface.face.landmarks.face import Box, Face


def face(left, top, side):
    """A face whose points fill its box."""
    corners = np.random.default_rng(0).uniform(size=(68, 2))
    points = (corners * side + (left, top)).astype(np.float32)
    return Face(Box(left, top, left + side, top + side), points, "drawn")


SMALL, LARGE, MIDDLE = face(10, 40, 50), face(300, 20, 120), face(150, 60, 80)
ALL = [LARGE, SMALL, MIDDLE]


def test_the_largest_face_is_taken():
    assert choose(ALL, "largest", None) is LARGE


def test_a_number_counts_from_the_left():
    assert [choose(ALL, index, None) for index in range(3)] == [SMALL, MIDDLE, LARGE]


def test_the_followed_face_stays_though_another_is_larger():
    moved = face(20, 45, 50)
    assert choose([LARGE, moved], "tracked", SMALL) is moved
    assert choose(ALL, "tracked", None) is LARGE


def test_a_followed_face_that_is_gone_is_not_replaced_by_another():
    with pytest.raises(UnusableFaceError, match="none where the followed face was"):
        choose([LARGE], "tracked", SMALL)


def test_no_face_is_said():
    with pytest.raises(UnusableFaceError, match="no face was found"):
        choose([], "largest", None)


def test_two_faces_where_one_is_wanted_are_described_from_the_left():
    with pytest.raises(
        UnusableFaceError,
        match="2 faces were found \\(50 px wide at x = 10, y = 40; 120 px wide at x = 300",
    ):
        choose([LARGE, SMALL], "only", None)


def test_a_number_beyond_the_faces_says_how_many_there_are():
    with pytest.raises(UnusableFaceError, match=r"one face was found .*no face 1"):
        choose([LARGE], 1, None)


def test_a_face_that_is_too_small_is_refused_with_its_size():
    with pytest.raises(UnusableFaceError, match="31 px large, too small; 32 px are needed"):
        check_usable(face(50, 50, 31), 200, 200)
    check_usable(face(50, 50, 32), 200, 200)


@pytest.mark.parametrize(("left", "top"), [(-40, 50), (140, 50), (50, -40), (50, 140)])
def test_a_face_cut_by_any_edge_is_refused(left, top):
    with pytest.raises(UnusableFaceError, match=r"at the edge; \d\d% of eyes, nose and mouth"):
        check_usable(face(left, top, 100), 200, 200)


def test_a_jaw_beyond_the_edge_is_no_harm():
    whole = face(50, 50, 100)
    whole.points[:17, 1] = 230
    check_usable(whole, 200, 200)
