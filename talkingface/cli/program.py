"""Runs one call from start to exit code, and turns every error into a sentence."""

import logging
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from types import FrameType

from talkingface import __version__
from talkingface.cli.call import Call
from talkingface.cli.help_text import help_of
from talkingface.cli.messages import show_messages
from talkingface.engine.json_lines import JsonLines
from talkingface.engine.launch import leave_job
from talkingface.errors import TalkingFaceError

INTERRUPTED = 130  # 128 + SIGINT, as shells count
TERMINATED = 143  # 128 + SIGTERM
OUR_FAULT = 1


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code: 0 done, 1 failed, 2 the user's mistake."""
    argv = sys.argv[1:] if argv is None else argv
    signal.signal(signal.SIGTERM, _leave_when_terminated)
    try:
        return _run(argv)
    except TalkingFaceError as error:
        return _say(f"{type(error).__name__}: {error}", error.exit_code, argv)
    except KeyboardInterrupt:
        return _say("Interrupted.", INTERRUPTED, argv)
    except BrokenPipeError:
        # The reader of our output has left (`| head`): nothing more to say, to anyone.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        kind = type(error).__name__
        return _say(
            f"InternalError: {kind}: {error}\nThis is a fault of the program. Run the same line "
            "with --debug and report what it prints.",
            OUR_FAULT,
            argv,
        )


def _run(argv: Sequence[str]) -> int:
    if "--version" in argv:
        print(f"talkingface {__version__}")
        return 0
    call = Call.of(argv)
    switches = call.arguments.switches
    show_messages(quiet="quiet" in switches, debug=_debug(argv), as_json="json" in switches)
    if "help" in call.arguments.switches or (not argv):
        print(help_of(call))
        return 0
    code = call.verb.function()(call)
    leave_job(code)
    return code


def _say(sentence: str, exit_code: int, argv: Sequence[str]) -> int:
    if _debug(argv):
        traceback.print_exc()
    if "--json" in argv:
        record = logging.makeLogRecord({"levelname": "ERROR", "msg": sentence})
        sentence = JsonLines().format(record)
    print(sentence, file=sys.stderr)
    return exit_code


def _debug(argv: Sequence[str]) -> bool:
    return "--debug" in argv


def _leave_when_terminated(number: int, frame: FrameType | None) -> None:
    """Leave through every `finally`, so that temporary files go."""
    raise SystemExit(TERMINATED)
