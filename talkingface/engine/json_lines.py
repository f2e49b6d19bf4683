"""Messages as lines of JSON on the error stream, for programs that watch a run.

Each line is one object: ``time`` (ISO 8601), ``level``, ``message``, and the numbers behind the
message where it has some. How far a long work is has ``done`` and ``total``; a step of a training
has ``step``, ``steps``, ``stage``, ``seconds_left``, its losses and its speed.
"""

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

FIGURES = "figures"  # the attribute of a log record


def with_figures(**figures: Any) -> Mapping[str, Any]:  # noqa: ANN401  whatever JSON can hold
    """Return what a logging call takes as `extra`, so that programs get the numbers themselves."""
    return {FIGURES: figures}


class JsonLines(logging.Formatter):
    """Writes a log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        content = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **getattr(record, FIGURES, {}),
        }
        return json.dumps(content, ensure_ascii=False, allow_nan=False)


def are_read_by_programs(logger: logging.Logger) -> bool:
    """Return whether a logger's messages are such lines."""
    return any(isinstance(handler.formatter, JsonLines) for handler in logger.handlers)
