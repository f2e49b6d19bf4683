"""Which sound and pictures meet in a frame."""

import pytest

from talkingface.errors import DataError
from talkingface.models.pd_fgc.timing import Schedule, repeated


def pictures(schedule, num_pictures):
    return schedule.pictures(schedule.all_frames, num_pictures, "loop").tolist()


def test_short_drivers_go_back_and_forth_begin_again_or_stay():
    there_and_back = [0, 1, 2, 3, 3, 2, 1, 0]
    assert repeated(range(20), 4, "mirror").tolist() == (there_and_back * 3)[:20]
    assert repeated(range(9), 4, "loop").tolist() == [0, 1, 2, 3, 0, 1, 2, 3, 0]
    assert repeated(range(6), 4, "hold").tolist() == [0, 1, 2, 3, 3, 3]


@pytest.mark.parametrize("how", ["mirror", "loop", "hold"])
def test_a_driver_that_is_long_enough_is_shown_once(how):
    assert repeated(range(5), 7, how).tolist() == [0, 1, 2, 3, 4]
    assert repeated(range(4), 1, how).tolist() == [0, 0, 0, 0]


def test_the_published_schedule_begins_with_the_third_frame():
    # 2 s of sound are 207 rows and 47 frames, 20 s are 497, as the specification counts them
    assert Schedule.published(207).num_frames == 47
    assert Schedule.published(2007).num_frames == 497
    assert Schedule.published(207).lead == 2
    assert pictures(Schedule.published(67), 10) == [*range(2, 10), 2, 3, 4, 5]


def test_a_driver_of_two_pictures_keeps_its_last_in_the_published_schedule():
    assert set(pictures(Schedule.published(207), 2)) == {1}


def test_speech_that_is_too_short_for_the_published_schedule_is_refused():
    assert Schedule.published(20).num_frames == 1
    with pytest.raises(DataError, match=r"shorter than the 0\.12 s"):
        Schedule.published(19)


def test_the_corrected_schedule_begins_with_the_first_frame():
    schedule = Schedule(5)
    assert schedule.lead == 0
    assert pictures(schedule, 3) == [0, 1, 2, 0, 1]
