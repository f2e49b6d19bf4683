"""The verb `serve`: a page on this machine on which videos are made."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from talkingface.cli.call import Call
from talkingface.config.fields import ranged


@dataclass(frozen=True)
class ServeOptions:
    """Where the page is opened, and for whom."""

    host: str = "127.0.0.1"
    """Address to listen at; 0.0.0.0 lets others in and needs auth."""

    port: int = ranged(7860, minimum=0, maximum=65535)
    """Port; 0 for any that is free."""

    auth: str | None = None
    """Who is let in, as USER:env:VARIABLE; the variable of the environment holds the password."""


def serve(call: Call) -> int:
    """Open the page, say where it is, and wait until it is closed by Ctrl-C."""
    from talkingface.web.serving import open_page

    options, settings = call.options(), call.resolved.settings
    assert isinstance(options, ServeOptions)
    plugins = tuple(call.arguments.plugins)
    with open_page(
        host=options.host,
        port=options.port,
        auth=options.auth,
        device=settings.device,
        runs=Path(settings.runs_folder),
        plugins=plugins,
    ) as opened:
        print(f"The page is open at {opened.address}. Ctrl-C closes it.", flush=True)
        with suppress(KeyboardInterrupt):
            Event().wait()
    return 0
