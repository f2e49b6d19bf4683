"""How the page shows what goes on: progress, and what went wrong."""

import logging
from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from html import escape
from typing import Any, ParamSpec

import gradio as gr

from talkingface.errors import TalkingFaceError
from talkingface.web.sentences import sentence_of
from talkingface.web.workshop import Step

logger = logging.getLogger(__name__)
ONE_AT_A_TIME = "drawing"  # jobs of this name wait for each other
P = ParamSpec("P")


def progress_line(step: Step, before: str = "") -> str:
    """Return a bar and a sentence as HTML."""
    bar = f'<progress value="{step.done}" max="{max(step.total, 1)}"></progress>'
    if not step.done:
        bar = "<progress></progress>"
    return f'<div class="working" role="status">{bar}<span>{escape(f"{before}{step}")}</span></div>'


def done_line(sentence: str) -> str:
    """Return a sentence as HTML."""
    return f'<div class="working" role="status"><span>{escape(sentence)}</span></div>'


def wrong_line(sentence: str) -> str:
    """Return a sentence of what went wrong as HTML; the next one takes its place."""
    return f'<div class="working wrong" role="alert"><span>{escape(sentence)}</span></div>'


def command_part(label: str) -> Any:
    """Return where the command line that repeats a video is shown."""
    return gr.Code(
        language="shell",
        label=label,
        interactive=False,
        visible=False,
        wrap_lines=True,
        show_line_numbers=False,
        lines=1,
        max_lines=8,
    )


def work_on_press(
    start: Any, stop: Any, work: Callable[[Any], Iterator[Any]], given: Any, shown: Sequence[Any]
) -> None:
    """Let one button begin work that is shown as it goes on, and another one end it.

    Args:
        start: the button that begins it.
        stop: the button that ends it.
        work: yields what is shown, step by step.
        given: the parts of the page that are handed to it.
        shown: the parts that it fills; the first one says how far it is.
    """
    working = start.click(
        in_sentences(work, shown[0]),
        given,
        shown,
        concurrency_limit=1,
        concurrency_id=ONE_AT_A_TIME,
        api_visibility="private",
        show_progress="hidden",
    )
    stop.click(
        lambda: done_line("Stopped."),
        None,
        shown[0],
        cancels=[working],
        queue=False,
        api_visibility="private",
    )


def in_sentences(work: Callable[P, Iterator[Any]], status: Any) -> Callable[P, Iterator[Any]]:
    """Return the same work, whose errors are our sentences in `status`; the log has the rest."""

    @wraps(work)
    def told(*given: P.args, **named: P.kwargs) -> Iterator[Any]:
        try:
            yield from work(*given, **named)
        except TalkingFaceError as error:
            logger.info("%s: %s", type(error).__name__, error)
            yield {status: wrong_line(sentence_of(error))}
        except Exception as error:
            logger.exception("A fault of the program.")
            yield {status: wrong_line(sentence_of(error))}

    return told
