"""Shows how far a long work is: a bar on a terminal, one line a minute in a log."""

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LINES = 60.0


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int | None], None]]:
    """Yield a function to be called with how many are done, and of how many (None: not known).

    A terminal shows a bar; elsewhere, and in ``log.txt``, a line is written each minute. Where
    messages are quiet nothing is shown.
    """
    if shows_bar():
        with tqdm(desc=what, leave=False, file=sys.stderr) as bar:

            def on_terminal(done: int, total: int | None) -> None:
                bar.total = total
                bar.update(done - bar.n)

            yield on_terminal
        return
    last_line = time.monotonic()

    def in_log(done: int, total: int | None) -> None:
        nonlocal last_line
        if time.monotonic() - last_line >= SECONDS_BETWEEN_LINES:
            last_line = time.monotonic()
            logger.info("%s: %d of %s", what, done, "?" if total is None else total)

    yield in_log


def shows_bar() -> bool:
    """Return whether someone watches a terminal and did not ask for quiet."""
    return sys.stderr.isatty() and logger.isEnabledFor(logging.INFO) and not _is_quiet()


def _is_quiet() -> bool:
    handlers = logging.getLogger("talkingface").handlers
    return all(handler.level > logging.INFO for handler in handlers)
