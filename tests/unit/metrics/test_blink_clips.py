import numpy as np
import pytest

from talkingface.metrics.blink_clips import LIDS, blink_clips


def eyes_closed(*blinks, num_frames=20):
    points = np.zeros((num_frames, 68, 2))
    for upper, lower in LIDS:
        points[:, lower, 1] = points[:, upper, 1] + 7
        for first, last in blinks:
            points[first : last + 1, lower, 1] = 1
    return points


@pytest.mark.parametrize(
    ("blinks", "clips"),
    [
        ([(8, 10)], [(6, 11), (8, 13)]),  # around its start and around its end
        ([(8, 9)], [(6, 11)]),  # its end is next to its start
        ([(2, 5)], [(0, 5)]),  # it ends within the first clip
        ([(1, 2)], [(0, 5)]),
        ([(17, 18)], [(14, 19)]),
        ([(8, 8)], []),
        ([(4, 5), (8, 10), (14, 15)], [(2, 7), (12, 17), (6, 11), (8, 13)]),  # by their length
    ],
)
def test_clips_lie_around_starts_and_ends_of_blinks(blinks, clips):
    assert blink_clips(eyes_closed(*blinks)) == clips


def test_open_eyes_give_no_clips():
    assert blink_clips(eyes_closed()) == []
