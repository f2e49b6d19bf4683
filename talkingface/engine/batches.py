"""Batches for training, each a pure function of the seed and its number.

Which clips a batch shows, and what is drawn from them, follow from the seed and the position in
the stream alone. So a run that goes on from a checkpoint sees what an unbroken one would have seen,
with any number of reading processes; and several devices together see what one alone would.
"""

import logging
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import DataLoader, Dataset, Sampler

from talkingface.clip import Clip
from talkingface.errors import DataError
from talkingface.models.base import Batch, Preparation

logger = logging.getLogger(__name__)

NUM_PREPARED_KEPT = 4096  # clips whose features each reading process keeps in memory
MAX_REPLACEMENTS = 20  # draws for one example before giving up


@dataclass(frozen=True)
class Slice:
    """The part of the stream that one device reads."""

    seed: int
    first_batch: int  # where to begin
    num_batches: int
    batch_size: int  # examples a batch over all devices
    rank: int = 0
    num_ranks: int = 1


@dataclass(frozen=True)
class Read:
    """A batch, and what was unreadable while it was made."""

    batch: Batch
    bad: tuple[str, ...]  # one sentence each


def batches(
    clips: Sequence[Clip], preparation: Preparation, part: Slice, num_workers: int = 0
) -> Iterator[Read]:
    """Yield the batches of `part`, read by `num_workers` processes (0: by this one)."""
    loader: DataLoader[Read] = DataLoader(
        _Examples(clips, preparation, part.seed),  # type: ignore[arg-type]  # collated to Read
        batch_sampler=_Positions(part),
        num_workers=num_workers,
        collate_fn=_collate,
        prefetch_factor=4 if num_workers else None,
        worker_init_fn=_leave_signals_to_the_trainer,
        # torch draws a base seed for its workers; ours never use it, and training must not notice.
        generator=torch.Generator().manual_seed(0),
    )
    yield from loader


def names_in_batch(clips: Sequence[Clip], seed: int, number: int, batch_size: int) -> list[str]:
    """Return the names of the clips that a batch shows, over all devices; none was unreadable."""
    first = number * batch_size
    places = (divmod(position, len(clips)) for position in range(first, first + batch_size))
    return [clips[_order_of(len(clips), seed, epoch)[index]].name for epoch, index in places]


def _order_of(num_clips: int, seed: int, epoch: int) -> NDArray[np.int64]:
    """Return the order in which an epoch shows the clips."""
    return np.random.default_rng([seed, epoch, 1]).permutation(num_clips)


def _leave_signals_to_the_trainer(worker: int) -> None:
    """Read on when a signal comes to the whole group: the trainer ends a reading process itself."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


class _Positions(Sampler[list[int]]):
    """Lists the positions in the stream that each of this device's batches shows."""

    def __init__(self, part: Slice) -> None:
        self._part = part

    def __len__(self) -> int:
        return self._part.num_batches

    def __iter__(self) -> Iterator[list[int]]:
        part = self._part
        share = part.batch_size // part.num_ranks
        for number in range(part.first_batch, part.first_batch + part.num_batches):
            first = number * part.batch_size + part.rank * share
            yield list(range(first, first + share))


class _Examples(Dataset[tuple[Any, list[str]]]):
    """The endless stream of examples: epoch after epoch, each in another order."""

    def __init__(self, clips: Sequence[Clip], preparation: Preparation, seed: int) -> None:
        self._clips = clips
        self._preparation = preparation
        self._seed = seed
        self._prepared = lru_cache(maxsize=NUM_PREPARED_KEPT)(self._prepare)
        self._order = lru_cache(maxsize=2)(self._shuffled)

    def __getitem__(self, position: int) -> tuple[Any, list[str]]:
        epoch, index = divmod(position, len(self._clips))
        chance = np.random.default_rng([self._seed, position])
        chosen = int(self._order(epoch)[index])
        bad: list[str] = []
        for _ in range(MAX_REPLACEMENTS):
            try:
                return self._preparation.example(self._prepared(chosen), chance), bad
            except DataError as error:
                bad.append(f"{self._clips[chosen].name}: {error}")
                chosen = int(chance.integers(len(self._clips)))
        raise DataError(f"{MAX_REPLACEMENTS} clips in a row cannot be read. The last: {bad[-1]}")

    def __getstate__(self) -> dict[str, Any]:
        """Return what a reading process is started with: all but what was prepared so far."""
        return {"clips": self._clips, "preparation": self._preparation, "seed": self._seed}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state)  # type: ignore[misc]  # made anew in the reading process

    def _prepare(self, index: int) -> Any:  # noqa: ANN401  as the preparation returns it
        return self._preparation.prepare(self._clips[index])

    def _shuffled(self, epoch: int) -> NDArray[np.int64]:
        return _order_of(len(self._clips), self._seed, epoch)


def _collate(examples: list[tuple[Any, list[str]]]) -> Read:
    keys = examples[0][0].keys()
    batch = {
        key: torch.from_numpy(np.stack([example[key] for example, _ in examples])) for key in keys
    }
    return Read(batch, tuple(sentence for _, bad in examples for sentence in bad))
