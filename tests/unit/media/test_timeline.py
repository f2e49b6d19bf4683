from fractions import Fraction

import numpy as np
import pytest

from talkingface.media.timeline import Timeline

MILLISECOND = Fraction(1, 1000)


def nearest_slowly(timeline: Timeline, fps: Fraction) -> list[int]:
    """Compare every picture with every moment, in fractions."""
    begins = [
        (int(tick) - int(timeline.ticks[0])) * timeline.tick_seconds for tick in timeline.ticks
    ]
    moments = [k / fps for k in range(timeline.num_pictures(fps))]
    return [
        min(range(len(begins)), key=lambda i: (abs(begins[i] - moment), i)) for moment in moments
    ]


@pytest.mark.parametrize(
    "fps", [Fraction(24000, 1001), Fraction(25), Fraction(30000, 1001), Fraction(30), Fraction(50)]
)
@pytest.mark.parametrize("seed", range(3))
def test_each_moment_shows_the_nearest_picture(seed: int, fps: Fraction) -> None:
    steps = np.random.default_rng(seed).integers(5, 120, size=60)
    ticks = 1000 + np.cumsum(steps)
    timeline = Timeline(ticks, int(ticks[-1]) + 40, MILLISECOND)
    assert timeline.nearest(fps).tolist() == nearest_slowly(timeline, fps)


def test_of_two_pictures_equally_near_the_earlier_is_shown() -> None:
    timeline = Timeline(np.array([0, 40]), 80, MILLISECOND)
    assert timeline.nearest(Fraction(50)).tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize(
    "fps", [Fraction(24000, 1001), Fraction(30000, 1001), Fraction(60000, 1001)]
)
def test_stamps_rounded_to_milliseconds_show_every_picture_once_for_an_hour(fps: Fraction) -> None:
    num_pictures = int(3600 * fps)
    ticks = np.array([round(k / fps * 1000) for k in range(num_pictures)])
    timeline = Timeline(ticks, round(num_pictures / fps * 1000), MILLISECOND)
    assert timeline.own_fps(fps) == fps
    assert (timeline.nearest(fps) == np.arange(num_pictures)).all()


def test_a_rate_that_the_time_stamps_contradict_is_not_believed() -> None:
    ticks = np.array([0, 33, 66, 133, 166, 300, 333, 366])  # a phone in the dark: 8 in 0.4 s
    timeline = Timeline(ticks, 400, MILLISECOND)
    assert timeline.own_fps(Fraction(30)) == 20


def test_huge_ticks_do_not_overflow() -> None:
    nanoseconds = Fraction(1, 10**9)
    ticks = np.arange(10) * 40_000_000 + 2**60
    timeline = Timeline(ticks, int(ticks[-1]) + 40_000_000, nanoseconds)
    assert timeline.nearest(Fraction(25)).tolist() == list(range(10))
