"""Verbs whose engine is not built yet say plainly what they wait for."""

from talkingface.cli.call import Call
from talkingface.errors import RunError


def report(call: Call) -> int:
    """Say what `report` waits for."""
    raise RunError("`report` waits for the report page; the scores are in results.json of the run.")


def serve(call: Call) -> int:
    """Say what `serve` waits for."""
    raise RunError("`serve` waits for the web page, the last floor of this toolkit.")
