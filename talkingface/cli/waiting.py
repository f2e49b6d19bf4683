"""Verbs whose engine is not built yet say plainly what they wait for."""

from talkingface.cli.call import Call
from talkingface.errors import RunError


def serve(call: Call) -> int:
    """Say what `serve` waits for."""
    raise RunError("`serve` waits for the web page, the last floor of this toolkit.")
