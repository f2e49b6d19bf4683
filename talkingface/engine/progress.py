"""Shows how far a long work is: a bar on a terminal, a line now and then in a log."""

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

from talkingface.engine.json_lines import are_read_by_programs, with_figures

logger = logging.getLogger(__name__)

FIRST_SECONDS = 10.0  # until the first line; each pause after it is twice as long, up to a minute
SECONDS_BETWEEN_LINES = 60.0
MINUTE = 60  # seconds


class Seldom:
    """Lines of a log: the first after ten seconds, then fewer and fewer, but one a minute."""

    def __init__(self) -> None:
        self._last, self._pause = time.monotonic(), FIRST_SECONDS

    def are_due(self) -> bool:
        """Return whether a line is to be written now, and take it as written."""
        now = time.monotonic()
        if now - self._last < self._pause:
            return False
        self._last, self._pause = now, min(2 * self._pause, SECONDS_BETWEEN_LINES)
        return True


def duration(seconds: float) -> str:
    """Return how long something takes, no finer than can be foreseen: 40 s, 12 min, 2 h 5 min."""
    whole = round(seconds)
    if whole < 2 * MINUTE:
        return f"{whole} s"
    hours, minutes = divmod(round(whole / MINUTE), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int | None], None]]:
    """Yield a function to be called with how many are done, and of how many (None: not known).

    A terminal shows a bar; elsewhere, and in ``log.txt``, a line is written now and then. Where
    messages are quiet nothing is shown; programs get lines, wherever they read them.
    """
    if shows_bar():
        with tqdm(desc=what, leave=False, file=sys.stderr) as bar:

            def on_terminal(done: int, total: int | None) -> None:
                bar.total = total
                bar.update(done - bar.n)

            yield on_terminal
        return
    lines = Seldom()

    def in_log(done: int, total: int | None) -> None:
        if lines.are_due():
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
