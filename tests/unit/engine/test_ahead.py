"""Working ahead against working when asked."""

import threading
from fractions import Fraction

import numpy as np
import pytest

from talkingface.clip import FrameArray
from talkingface.engine.ahead import FARTHEST_SKIP, FramesAhead, ahead

PICTURES = np.random.default_rng(0).integers(0, 256, (90, 2, 3, 3)).astype(np.uint8)


class Counted(FrameArray):
    """Frames that count how often they are opened."""

    def __init__(self) -> None:
        super().__init__(PICTURES, Fraction(5))
        object.__setattr__(self, "opened", {"iter": 0, "read": 0})

    def __iter__(self):
        self.opened["iter"] += 1
        return super().__iter__()

    def read(self, start, stop):
        self.opened["read"] += 1
        return super().read(start, stop)


@pytest.fixture
def frames():
    counted = Counted()
    ahead_of = FramesAhead(counted)
    yield counted, ahead_of
    ahead_of.close()


def test_items_come_in_order_from_one_other_thread():
    makers = []

    def items():
        for number in range(20):
            makers.append(threading.get_ident())
            yield number

    assert list(ahead(items(), most=3)) == list(range(20))
    assert len(set(makers)) == 1
    assert makers[0] != threading.get_ident()


def test_items_are_made_before_they_are_asked_for_and_no_more_than_said():
    enough = threading.Event()
    made = []

    def items():
        for number in range(10):
            made.append(number)
            if number == 3:
                enough.set()
            yield number

    coming = ahead(items(), most=3)
    assert next(coming) == 0
    assert enough.wait(timeout=10)  # one was taken, and three more are ready
    assert len(made) == 4
    coming.close()


def test_a_fault_comes_when_its_item_is_asked_for():
    def items():
        yield 1
        raise ValueError("the second is broken")

    coming = ahead(items())
    assert next(coming) == 1
    with pytest.raises(ValueError, match="second"):
        next(coming)


def test_who_asks_no_more_leaves_no_thread_behind():
    before = threading.active_count()
    coming = ahead(iter(range(100)))
    next(coming)
    coming.close()
    assert threading.active_count() == before


@pytest.mark.parametrize("window", [1, 7, 90])
def test_windows_that_follow_each_other_are_decoded_once(frames, window):
    counted, ahead_of = frames
    read = [ahead_of.read(start, start + window) for start in range(0, 90, window)]
    np.testing.assert_array_equal(np.concatenate(read), PICTURES)
    assert counted.opened == {"iter": 1, "read": 0}


def test_some_pictures_may_be_passed_over(frames):
    counted, ahead_of = frames
    for start, stop in ((2, 5), (8, 10), (10, 10), (10, 95)):
        np.testing.assert_array_equal(ahead_of.read(start, stop), PICTURES[start:stop])
    assert counted.opened["iter"] == 1
    assert (len(ahead_of), ahead_of.fps) == (90, 5)


def test_what_lies_behind_or_far_away_is_read_as_ever(frames):
    counted, ahead_of = frames
    ahead_of.read(0, 4)
    far = 4 + FARTHEST_SKIP + 1
    for start, stop in ((1, 3), (far, far + 2), (4, 6)):
        np.testing.assert_array_equal(ahead_of.read(start, stop), PICTURES[start:stop])
    assert counted.opened == {"iter": 1, "read": 2}
