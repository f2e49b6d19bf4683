"""Work that is done before it is asked for, by threads: decoding, the network and encoding at once.

A thread of its own makes what comes next while its taker is busy with what came before. Networks
and codecs let go of Python's lock, so they run side by side.
"""

from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Frames, Picture
from talkingface.media.image import stack_pictures

Item = TypeVar("Item")

ITEMS_AHEAD: Final = 2
PICTURES_AHEAD: Final = 8  # 50 MB where they are of 1920 x 1080 px
FARTHEST_SKIP: Final = 64  # pictures: beyond it, looking for the place is faster than decoding


def ahead(items: Iterator[Item], most: int = ITEMS_AHEAD) -> Generator[Item, None, None]:
    """Yield items, of which a thread makes up to `most` before they are asked for.

    It ends with the items, or with the one that it is at when nobody asks any more.

    >>> list(ahead(iter(range(5))))
    [0, 1, 2, 3, 4]
    """
    thread, end = ThreadPoolExecutor(1, "ahead"), object()
    try:
        coming = deque(thread.submit(next, items, end) for _ in range(most))
        while (item := coming.popleft().result()) is not end:
            coming.append(thread.submit(next, items, end))
            yield item  # type: ignore[misc]  # which is not `end`
    finally:
        thread.shutdown(cancel_futures=True)


class FramesAhead:
    """Frames that are decoded once and in order, some before they are asked for.

    Windows that follow each other cost the same wherever they are; a video that is opened for each
    of them would be decoded from a key picture every time. Others are read as ever.
    """

    def __init__(self, frames: Frames) -> None:
        self._frames = frames
        self._next = 0  # place of the picture that comes next
        self._coming: Generator[Picture, None, None] | None = None

    @property
    def fps(self) -> Fraction:
        """Pictures a second."""
        return self._frames.fps

    def __len__(self) -> int:
        return len(self._frames)

    def __iter__(self) -> Iterator[Picture]:
        return iter(self._frames)

    def read(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return pictures `start` to `stop` - 1, (T, H, W, 3)."""
        stop = min(stop, len(self))
        if stop <= start or not 0 <= start - self._next <= FARTHEST_SKIP:
            return self._frames.read(start, stop)
        if self._coming is None:
            self._coming = ahead(iter(self._frames), PICTURES_AHEAD)
        passing = [next(self._coming) for _ in range(stop - self._next)]
        skipped, self._next = start - self._next, stop
        return stack_pictures(passing[skipped:])

    def close(self) -> None:
        """Let no more be decoded."""
        if self._coming is not None:
            self._coming.close()
