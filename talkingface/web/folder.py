"""A private folder for what visitors give and get; what is an hour old is deleted."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

SECONDS_KEPT = 3600


@contextmanager
def one_job(private: Path) -> Iterator[Path]:
    """Yield an empty folder for one job, which is removed at the end with all in it.

    Gradio shows copies of its own; whoever does not come back for a video leaves none here.
    """
    folder = private / "jobs" / secrets.token_hex(8)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)
