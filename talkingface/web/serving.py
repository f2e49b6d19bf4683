"""Opens the page: who may come in, from where, and with which limits."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from talkingface.errors import PluginError, UsageError
from talkingface.plugins import discover
from talkingface.web.door import password_of
from talkingface.web.methods import offers
from talkingface.web.uploads import LARGEST_MB
from talkingface.web.workshop import LONGEST_SECONDS, Workshop

logger = logging.getLogger(__name__)

LONGEST_QUEUE = 16


@dataclass(frozen=True)
class Opened:
    """A page that is open."""

    address: str
    page: Any  # `talkingface.web.page.Page`, which is imported with gradio alone


@contextmanager
def open_page(
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    auth: str | None = None,
    device: str = "auto",
    runs: Path = Path("runs"),
    plugins: tuple[str, ...] = (),
    longest_seconds: float = LONGEST_SECONDS,
) -> Iterator[Opened]:
    """Open the page, and close it when the block ends.

    Args:
        host: the address to listen at.
        port: its port; 0 for any that is free.
        auth: who is let in; needed where others can reach the host.
        device: where networks run.
        runs: the folder of past runs.
        plugins: files with models of one's own.
        longest_seconds: that one video may take.

    Raises:
        UsageError: Anybody could come in, no method has weights, or the port is taken.
        PluginError: Gradio is not installed.
    """
    password = password_of(auth, host)
    found = offers(discover(Path(one) for one in plugins))
    if not found:
        raise UsageError("No method has weights here. See `list models`, and `download`.")
    with TemporaryDirectory(prefix="talkingface-page-") as folder:
        # Gradio keeps what it shows where this variable says, by default in a folder that all
        # programs of this machine share. It copies from ours what it is to show.
        os.environ["GRADIO_TEMP_DIR"] = str(Path(folder) / "shown")
        private = Path(folder) / "ours"
        page = _built(found, Workshop(device, plugins, longest_seconds), private, runs)
        page.blocks.queue(max_size=LONGEST_QUEUE, api_open=False)
        try:
            yield Opened(_launched(page.blocks, host, port, password), page)
        finally:
            page.blocks.close(verbose=False)


def _built(found: Any, workshop: Workshop, private: Path, runs: Path) -> Any:
    try:
        from talkingface.web.page import build_page
    except ImportError as error:
        raise PluginError(
            "The page needs gradio, which is not installed: pip install 'gradio>=6.7,<7'."
        ) from error
    return build_page(found, workshop, private, runs)


def _launched(blocks: Any, host: str, port: int, password: tuple[str, str] | None) -> str:
    from talkingface.web.page import STYLE, theme

    try:
        _, address, _ = blocks.launch(
            server_name=host,
            server_port=port or None,
            auth=password,
            share=False,
            max_file_size=f"{LARGEST_MB}mb",
            prevent_thread_lock=True,
            show_error=False,
            quiet=True,
            ssr_mode=False,
            run_history=False,
            enable_monitoring=False,
            footer_links=[],
            theme=theme(),
            css=STYLE,
        )
    except OSError as error:
        raise UsageError(
            f"The page cannot be opened at {host}:{port}: {error}. Choose another with --port."
        ) from error
    return str(address)
