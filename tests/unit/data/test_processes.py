"""Work is shared among processes in order, and one that dies takes only its own thing with it."""

import os
from collections.abc import Callable, Iterator

from talkingface.data.processes import THINGS_AHEAD, mapped


def doubled(number: int) -> int:
    """Return twice the number; 5 ends the process, as a fault in a decoder does."""
    if number == 5:
        os._exit(3)
    return 2 * number


def lost(number: int) -> int:
    return -number


def test_a_thing_that_kills_its_process_costs_only_itself() -> None:
    expected = [2 * number for number in range(12)]
    expected[5] = -5
    assert list(mapped(doubled, range(12), workers=2, when_killed=lost)) == expected


def test_things_are_taken_as_they_are_needed() -> None:
    taken: list[int] = []

    def things() -> Iterator[int]:
        for number in range(100, 200):
            taken.append(number)
            yield number

    results = mapped(doubled, things(), workers=2, when_killed=lost)
    assert next(results) == 200
    assert len(taken) <= 2 * THINGS_AHEAD
    results.close()  # type: ignore[attr-defined]  # a generator


def called(function: Callable[[], int]) -> int:
    return function()


def test_a_thing_that_cannot_be_sent_is_worked_on_here() -> None:
    assert list(mapped(called, [os.getpid, lambda: 7], 2, lost))[1] == 7  # type: ignore[arg-type]


def test_one_worker_is_this_process() -> None:
    assert list(mapped(lambda number: number + os.getpid(), [0], 1, lost)) == [os.getpid()]
