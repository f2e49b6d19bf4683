"""Which picture of a video is shown at which moment, in exact rational time."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from talkingface.errors import DataError

# Rates within 1 % of the one that a file names are that one; others are a variable rate.
CONSTANT_RATE_TOLERANCE = Fraction(1, 100)
LOWEST_FPS, HIGHEST_FPS = 0.01, 1000


def exact_fps(fps: Fraction | float) -> Fraction:
    """Return a rate as a fraction with a small denominator, the way files name it.

    >>> exact_fps(12.5), exact_fps(30000 / 1001)
    (Fraction(25, 2), Fraction(30000, 1001))

    Raises:
        DataError: there can be no such rate.
    """
    if not LOWEST_FPS <= fps <= HIGHEST_FPS:
        raise DataError(
            f"{fps} is no rate of pictures a second. Give one from {LOWEST_FPS} to {HIGHEST_FPS}."
        )
    return Fraction(fps).limit_denominator(1001)


@dataclass(frozen=True, eq=False)
class Timeline:
    """The moments at which the pictures of a video begin, and where the last one ends."""

    ticks: NDArray[np.int64]  # (N,) ascending, in units of `tick_seconds`
    end_tick: int
    tick_seconds: Fraction

    @property
    def seconds(self) -> Fraction:
        """From the begin of the first picture to the end of the last one."""
        return (self.end_tick - int(self.ticks[0])) * self.tick_seconds

    def own_fps(self, named: Fraction | None) -> Fraction:
        """Return the rate at which every picture is shown once.

        This is the rate that the file names, if its time stamps agree, or else their mean rate.
        """
        measured = len(self.ticks) / self.seconds
        if named and abs(named / measured - 1) <= CONSTANT_RATE_TOLERANCE:
            return named
        return max(Fraction(1, 1001), measured.limit_denominator(1001))

    def num_pictures(self, fps: Fraction) -> int:
        """Return how many pictures fill the whole length at a constant rate; at least one."""
        return max(1, round(self.seconds * fps))

    def nearest(self, fps: Fraction) -> NDArray[np.intp]:
        """Return, for each picture at a constant rate, the index of the source picture shown.

        Picture k is due at k / `fps` seconds after the first, and shows the source picture whose
        begin is nearest (the earlier of two equally near). The error is at most half a source
        picture to either side and does not add up, so lips stay with the sound at any rate, and
        a source of the same rate with unsteady time stamps is passed through one to one.

        >>> every_40_ms = Timeline(np.arange(5) * 40, 200, Fraction(1, 1000))
        >>> every_40_ms.nearest(Fraction(50)).tolist()
        [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
        """
        # Doubled ticks, so that the midpoints between two pictures are whole numbers too.
        midpoints = self.ticks[:-1] + self.ticks[1:]
        twice_ticks_a_picture = 2 / (fps * self.tick_seconds)
        step, parts = twice_ticks_a_picture.numerator, twice_ticks_a_picture.denominator
        # A picture moves on once it is due after a midpoint. Rounding up to whole ticks keeps
        # exactly this order, and Python's integers cannot overflow.
        first = 2 * int(self.ticks[0])
        due = [first - (-k * step // parts) for k in range(self.num_pictures(fps))]
        return np.searchsorted(midpoints, np.array(due, dtype=np.int64), side="left")
