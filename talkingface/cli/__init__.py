"""The command line: words in, an exit code out."""

from talkingface.cli.program import main

__all__ = ["main"]
