"""What the program says while it works: short lines on the error stream, results on the other."""

import logging
import sys

from talkingface.engine.json_lines import JsonLines

PACKAGE_LOGGER = "talkingface"


def show_messages(*, quiet: bool = False, debug: bool = False, as_json: bool = False) -> None:
    """Send the package's messages to the error stream.

    Args:
        quiet: only warnings and errors.
        debug: everything, with the name of the part that speaks.
        as_json: each message as a line of JSON, see `engine.json_lines`.
    """
    logger = logging.getLogger(PACKAGE_LOGGER)
    for handler in [one for one in logger.handlers if isinstance(one, _ToErrorStream)]:
        logger.removeHandler(handler)
    handler = _ToErrorStream(sys.stderr)
    words = logging.Formatter("%(name)s: %(message)s" if debug else "%(message)s")
    handler.setFormatter(JsonLines() if as_json else words)
    handler.setLevel(logging.WARNING if quiet else logging.DEBUG if debug else logging.INFO)
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)


class _ToErrorStream(logging.StreamHandler):  # type: ignore[type-arg]  # generic only in stubs
    """Our own handler, so that a second call in one process replaces it and no other."""
