"""Takes values out of files that anyone may have written: what is not as it should be is absent."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from talkingface.errors import DataError

LARGEST = 1e100  # no score is as large; what is can only be a mistake
DEEPEST = 3  # lists within lists that are written out
DIGITS_OF_A_HASH = 12


def read_json(path: Path) -> Mapping[str, Any]:
    """Return the mapping that a JSON file holds; nothing where there is no file.

    Raises:
        DataError: The file is no JSON.
    """
    if not path.is_file():
        return {}
    try:
        return mapping(json.loads(path.read_text("utf-8", "replace")))
    except (ValueError, RecursionError) as error:
        raise DataError(
            f"{path} is no JSON that can be read ({error}). Evaluate again, or take it away."
        ) from error


def mapping(value: object) -> Mapping[str, Any]:
    """Return a mapping as it is, and nothing in place of anything else."""
    return value if isinstance(value, Mapping) else {}


def listed(value: object) -> list[Any]:
    """Return a list as it is, and an empty one in place of anything else."""
    return value if isinstance(value, list) else []


def number(value: object) -> float | None:
    """Return a finite number, also one that is written as text.

    >>> number("0.5"), number("nan"), number(""), number(None), number(True)
    (0.5, None, None, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if abs(found) < LARGEST else None


def numbers(value: object) -> list[float]:
    """Return a list of numbers, nan for what is none."""
    return [math.nan if (found := number(one)) is None else found for one in listed(value)]


def words(value: object, depth: int = DEEPEST) -> str:
    """Return a value as text; nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, Mapping | list | tuple) and depth == 0:
        return "..."
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {words(one, depth - 1)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(words(one, depth - 1) for one in value)
    return str(value)


def hashes(files: Mapping[str, object]) -> str:
    """Return the beginning of the SHA-256 of each file, after its name."""
    return ", ".join(f"{file} {words(sha)[:DIGITS_OF_A_HASH]}" for file, sha in files.items())
