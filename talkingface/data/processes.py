"""Applies a function to many things in several processes, in order, holding few at a time.

A thing that kills the process which works on it costs no more than itself.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pickle import PicklingError
from typing import TypeVar

ThingT = TypeVar("ThingT")
ResultT = TypeVar("ResultT")

THINGS_AHEAD = 4  # given to each process, so that none waits for the next


def mapped(
    function: Callable[[ThingT], ResultT],
    things: Iterable[ThingT],
    workers: int,
    when_killed: Callable[[ThingT], ResultT],
) -> Iterator[ResultT]:
    """Yield `function` of each thing, in their order.

    Args:
        function: what other processes can be sent: of a module, or a `partial` of such a one.
        things: taken as they are needed; one that cannot be sent is worked on by this process.
        workers: processes; with 1, this one does the work.
        when_killed: gives the result for a thing on which a process died.
    """
    if workers <= 1:
        yield from map(function, things)
        return
    pool = _processes(workers)
    waiting: deque[tuple[ThingT, Future[ResultT]]] = deque()
    try:
        for thing in things:
            try:
                future = pool.submit(function, thing)
            except BrokenProcessPool:
                pool = _processes(workers)
                future = pool.submit(function, thing)
            waiting.append((thing, future))
            if len(waiting) >= workers * THINGS_AHEAD:
                yield _result(*waiting.popleft(), function, when_killed)
        while waiting:
            yield _result(*waiting.popleft(), function, when_killed)
    finally:
        pool.shutdown(cancel_futures=True)


def _result(
    thing: ThingT,
    future: Future[ResultT],
    function: Callable[[ThingT], ResultT],
    when_killed: Callable[[ThingT], ResultT],
) -> ResultT:
    try:
        return future.result()
    except (PicklingError, TypeError, AttributeError):  # it cannot be sent: the work is done here
        return function(thing)
    except BrokenProcessPool:  # nobody says which of the things in work it was: try this one alone
        with _processes(1) as alone:
            try:
                return alone.submit(function, thing).result()
            except BrokenProcessPool:
                return when_killed(thing)


def _processes(number: int) -> ProcessPoolExecutor:
    # Fresh ones: a copy of this process would take over its threads and locks half way.
    return ProcessPoolExecutor(number, get_context("spawn"))
