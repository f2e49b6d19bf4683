"""A stream is drawn by one thread where that is soon enough."""

import pytest
import torch

from talkingface.engine import streaming_threads
from talkingface.engine.streaming_threads import TRIALS, Threads


class Drawer:
    """Draws in a time of its own, by a clock of its own."""

    def __init__(self, seconds: float) -> None:
        self.now, self.seconds, self.used = 0.0, seconds, []

    def draw(self, threads: Threads) -> None:
        with threads.in_use():
            self.used.append(torch.get_num_threads())
        self.now += self.seconds * (10 if len(self.used) == 1 else 1)

    def perf_counter(self) -> float:
        return self.now


@pytest.fixture
def two_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize(("seconds", "expected"), [(0.011, 1), (0.3, 2)])
def test_small_networks_are_drawn_by_one_thread_and_large_ones_by_all(
    two_threads, monkeypatch, seconds, expected
) -> None:
    drawer, threads = Drawer(seconds), Threads()
    monkeypatch.setattr(streaming_threads, "time", drawer)
    threads.try_out(lambda: drawer.draw(threads))
    assert drawer.used == [1] * (1 + TRIALS)
    drawer.draw(threads)
    assert (drawer.used[-1], torch.get_num_threads()) == (expected, 2)
