"""Shows how far a long work is: a bar on a terminal, one line a minute in a log."""

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

from talkingface.engine.json_lines import are_read_by_programs, with_figures

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LINES = 60.0


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int | None], None]]:
    """Yield a function to be called with how many are done, and of how many (None: not known).

    A terminal shows a bar; elsewhere, and in ``log.txt``, a line is written each minute. Where
    messages are quiet nothing is shown; programs get lines, wherever they read them.
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
            of = "?" if total is None else total
            figures = with_figures(done=done, total=total)
            logger.info("%s: %d of %s", what, done, of, extra=figures)

    yield in_log


def shows_bar() -> bool:
    """Return whether someone watches a terminal and did not ask for quiet, or for JSON."""
    return sys.stderr.isatty() and logger.isEnabledFor(logging.INFO) and not _is_quiet()


def _is_quiet() -> bool:
    messages = logging.getLogger("talkingface")
    says_nothing = all(handler.level > logging.INFO for handler in messages.handlers)
    return says_nothing or are_read_by_programs(messages)
