"""The sentences a user may meet: one class for each kind of trouble.

A message says what was wrong with which thing, what would be right, and what to do next. The
command line prints ``Kind: message`` without a traceback and leaves with the kind's exit code:
2 for what the user can mend in the call, 1 for a run that failed.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import ClassVar


class TalkingFaceError(Exception):
    """Base of every error that is a sentence for the user."""

    exit_code: ClassVar[int] = 2


class UsageError(TalkingFaceError):
    """The command line cannot be understood."""


class ConfigError(TalkingFaceError):
    """A setting is unknown, of the wrong type or out of range, or a settings file is unreadable."""


class PluginError(TalkingFaceError):
    """A model, dataset or metric is unknown, named twice, or cannot be imported."""


class DataError(TalkingFaceError):
    """A clip, picture, sound or manifest cannot be used as it is."""


class CheckpointError(TalkingFaceError):
    """Weights or a training state cannot be used: damaged, unsafe, or made for something else."""


class DownloadError(TalkingFaceError):
    """A file could not be fetched, or what arrived is not what was asked for."""


class StorageError(TalkingFaceError):
    """A file could not be written: disk full, folder read-only or gone."""

    exit_code: ClassVar[int] = 1


class RunError(TalkingFaceError):
    """A run began and failed: too many bad samples, a loss that is not a number, no result."""

    exit_code: ClassVar[int] = 1


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `` Did you mean 'x'?`` for the known name nearest to `name`, or an empty string.

    >>> did_you_mean("learing_rate", ["learning_rate", "steps"])
    " Did you mean 'learning_rate'?"
    """
    near = nearest(name, known)
    return f" Did you mean {near!r}?" if near else ""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that `name` was probably meant to be, or None.

    Case, ``-`` and ``_`` do not count.
    """
    by_plain_name = {normalized(candidate): candidate for candidate in known}
    found = get_close_matches(normalized(name), by_plain_name, n=1, cutoff=0.6)
    return by_plain_name[found[0]] if found else None


def normalized(name: str) -> str:
    """Return `name` as names are compared: without regard to case, ``-`` and ``_``.

    >>> normalized("PD-FGC") == normalized("pd_fgc")
    True
    """
    return name.lower().replace("-", "").replace("_", "")
