"""The reports of past runs, by name; no other file can be opened through them."""

import logging
from html import escape
from pathlib import Path

from talkingface.report.report import FILE

logger = logging.getLogger(__name__)


def names(runs: Path) -> list[str]:
    """Return the names of the runs that have a report, the newest first."""
    found = [path.parent for path in runs.glob(f"*/{FILE}")]
    return [path.name for path in sorted(found, key=lambda one: one.stat().st_mtime, reverse=True)]


def framed(runs: Path, name: str | None) -> str:
    """Return the report of a run as a frame within a page; nothing for a name that is none.

    The frame may run the report's own script and reach nothing around it.
    """
    if name not in names(runs):
        return ""
    page = (runs / str(name) / FILE).read_text(encoding="utf-8")
    logger.info("The report of %s was opened.", name)
    return (
        f'<iframe class="report" title="Report of {escape(str(name))}" '
        f'sandbox="allow-scripts" srcdoc="{escape(page)}"></iframe>'
    )
