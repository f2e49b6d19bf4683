"""How many threads draw a stream.

Threads that share the work on a small network wait for each other, in a loop: beside another
program two of them take 129 ms for one frame in twenty, where one alone takes 13. So a network that
one thread draws soon enough is drawn by one.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch

SOON_SECONDS = 0.02  # of the 0.04 s that a frame is shown
TRIALS = 3  # of which the quickest counts


class Threads:
    """Takes one thread where it draws a frame soon enough, or else all that torch may have."""

    def __init__(self) -> None:
        self.count = torch.get_num_threads()

    def try_out(self, draw: Callable[[], object]) -> None:
        """Find out by drawing a frame a few times; the first time takes longer."""
        everybody, self.count = self.count, 1
        draw()
        if min(self._seconds(draw) for _ in range(TRIALS)) > SOON_SECONDS:
            self.count = everybody

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Let who draws here have as many; what else is done here is not touched."""
        before = torch.get_num_threads()
        torch.set_num_threads(self.count)
        try:
            yield
        finally:
            torch.set_num_threads(before)

    def _seconds(self, draw: Callable[[], object]) -> float:
        begin = time.perf_counter()
        draw()
        return time.perf_counter() - begin
