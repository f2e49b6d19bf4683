"""Shares work among the processes that torchrun started, and brings their results together."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import torch

from talkingface.engine.launch import Launch

T = TypeVar("T")


class Ranks:
    """This process among its ranks; alone, where torchrun did not start it."""

    def __init__(self) -> None:
        launch = Launch.of_this_process()
        self.size, self.rank = launch.size, launch.rank
        launch.join("gloo")  # only lists of results travel, so the CPU will do beside any device

    @property
    def is_first(self) -> bool:
        """Whether this process speaks and writes for all."""
        return self.rank == 0

    @contextmanager
    def first_goes_first(self) -> Iterator[None]:
        """Let the first rank run the block alone, and the others after it."""
        if not self.is_first:
            self.from_first(None)
        yield
        if self.is_first:
            self.from_first(None)

    def share(self, items: Sequence[T]) -> list[T]:
        """Return the items that this rank works on."""
        return list(items[self.rank :: self.size])

    def merged(self, results: Sequence[T]) -> list[T]:
        """Return the results of all ranks in the order of the items that were shared."""
        if self.size == 1:
            return list(results)
        of_ranks: list[list[T] | None] = [None] * self.size
        torch.distributed.all_gather_object(of_ranks, list(results))
        lists = [one or [] for one in of_ranks]
        longest = max(len(one) for one in lists)
        return [one[index] for index in range(longest) for one in lists if index < len(one)]

    def from_first(self, value: T) -> T:
        """Return what the first rank has as `value`."""
        if self.size == 1:
            return value
        values = [value]
        torch.distributed.broadcast_object_list(values, src=0)
        return values[0]
