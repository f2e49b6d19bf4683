"""Takes a command line apart, without yet knowing what its keys mean.

``[verb] [word ...] [--key=value | --key value | --flag ...]``. Keys may be nested with dots and
written with ``-`` or ``_``. What a value means is decided by the type of its setting, later.
"""

import keyword
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from talkingface.config.yaml_tree import WITHOUT_VALUE, Origin, Scalar, Section, insert
from talkingface.errors import UsageError

COMMAND_LINE = "command line"
SHORT_FORMS = {"-h": "--help", "-q": "--quiet"}
SWITCHES = frozenset({"help", "version", "debug", "json", "quiet"})
LISTS = frozenset({"config_files", "plugins"})
BOOLEAN_WORDS = frozenset({"true", "false", "yes", "no", "on", "off"})


@dataclass
class Arguments:
    """What a command line says."""

    words: list[str] = field(default_factory=list)  # the verb first, if there is one
    switches: set[str] = field(default_factory=set)
    config_files: list[str] = field(default_factory=list)
    plugins: list[str] = field(default_factory=list)
    keys: Section = field(default_factory=lambda: Section({}, Origin(COMMAND_LINE)))


def parse_arguments(argv: Sequence[str], flags: frozenset[str] = frozenset()) -> Arguments:
    """Take `argv` apart. `flags` are keys of a verb that need no value.

    Raises:
        UsageError: A word is not of the form above.
        ConfigError: A key is given twice.
    """
    said = Arguments()
    rest = [SHORT_FORMS.get(word, word) for word in argv]
    while rest:
        word = rest.pop(0)
        if not word.startswith("--"):
            _take_word(word, said)
            continue
        written, has_value, value = word[2:].partition("=")
        key = written.replace("-", "_")
        if key in SWITCHES and not has_value:
            said.switches.add(key)
        elif key in LISTS:
            values = [value] if has_value else []
            while rest and not rest[0].startswith("-"):
                values.append(rest.pop(0))
            _take_list(key, values, said)
        else:
            _take_key(key, value if has_value else None, rest, flags, said)
    return said


def _take_word(word: str, said: Arguments) -> None:
    if word.startswith("-"):
        raise UsageError(f"{word!r} is no option. Options begin with --; see --help.")
    said.words.append(word)


def _take_list(key: str, values: list[str], said: Arguments) -> None:
    paths: list[str] = getattr(said, key)
    for value in values:
        # One quoted word may hold several paths, as the older toolkit's users write it.
        paths.extend([value] if Path(value).is_file() else value.split())
    if not values:
        raise UsageError(f"--{key} takes one file or more: --{key} first second.")


def _take_key(
    key: str, value: str | None, rest: list[str], flags: frozenset[str], said: Arguments
) -> None:
    if not key.replace(".", "").isidentifier():
        raise UsageError(f"--{key} is no option. Write --key=value; see --help.")
    origin = Origin(COMMAND_LINE)
    if value is None:
        takes_next = rest and not rest[0].startswith("--")
        if takes_next and (key not in flags or rest[0].lower() in BOOLEAN_WORDS):
            value = rest.pop(0)
        else:
            value, origin = "true", Origin(f"--{key} {WITHOUT_VALUE}")
    # Option names that are Python keywords (`--from`) are fields with a trailing underscore.
    name = f"{key}_" if keyword.iskeyword(key) else key
    insert(said.keys, name, Scalar(value, origin), origin)
