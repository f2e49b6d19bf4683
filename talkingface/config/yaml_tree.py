"""Reads YAML into a tree of plain text, each leaf with the line that it stands on.

Nothing is constructed here: a scalar stays the text that was written, so that ``off``, ``1e-4`` and
``12:30`` can be read by the type of the setting they are for (`convert`). What a settings file has
no need of is refused before it can do harm: tags, anchors, deep nesting, and files of megabytes.
"""

from dataclasses import dataclass
from pathlib import Path

import yaml

from talkingface.errors import ConfigError

LARGEST_FILE_BYTES = 1_000_000
DEEPEST_NESTING = 20
WITHOUT_VALUE = "without a value"  # ends the origin of a key on the command line that has none
PLAIN_VALUE = ""  # the key under which a section keeps the plain value given to it
UNFINISHED = ("while scanning", "while parsing a flow")  # how PyYAML speaks of what has no end
MISPLACED = "mapping values are not allowed here"


@dataclass(frozen=True)
class Origin:
    """The place where a value was written: the line of its key, where it has one."""

    layer: str  # a file, or "command line"
    line: int | None = None

    def __str__(self) -> str:
        return self.layer if self.line is None else f"{self.layer}:{self.line}"


@dataclass(frozen=True)
class Scalar:
    """A plain value as text. `quoted` tells a written string from a number or a null."""

    text: str
    origin: Origin
    quoted: bool = False


@dataclass(frozen=True)
class Items:
    """A list."""

    values: tuple["Tree", ...]
    origin: Origin


@dataclass(frozen=True)
class Section:
    """A mapping from keys to what stands below them."""

    entries: dict[str, "Tree"]
    origin: Origin


Tree = Scalar | Items | Section


def read_file(path: Path, name: str | None = None) -> Section:
    """Read a settings file. `name` is what messages call it, by default its path.

    Raises:
        ConfigError: It cannot be read, is too large, or holds more than plain values.
    """
    name = name or str(path)
    try:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            raise ConfigError(
                f"{name} is {path.stat().st_size / 1e6:.0f} MB; a settings file has at most "
                f"{LARGEST_FILE_BYTES / 1e6:.0f} MB. Is it the right file?"
            )
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The settings file {name} cannot be read: {error}.") from error
    tree = parse(text, name)
    if not isinstance(tree, Section):
        raise ConfigError(f"{name} is not a list of `key: value` lines. Write one setting a line.")
    return tree


def parse(text: str, layer: str, *, numbered: bool = True) -> Tree:
    """Parse YAML text. `numbered` says whether its lines mean something to the reader.

    Raises:
        ConfigError: The text is not YAML, or holds more than plain values.
    """
    try:
        _refuse_more_than_plain_values(text, layer)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        place = Origin(layer, _line_of(error) if numbered else None)
        hint = " Is there a space behind the colon, here and above?" * (error.problem == MISPLACED)
        raise ConfigError(f"{place}: this is not YAML: {error.problem}.{hint}") from error
    except yaml.reader.ReaderError as error:
        place = Origin(layer, text.count("\n", 0, error.position) + 1 if numbered else None)
        raise ConfigError(f"{place}: this is not YAML: {error.reason}.") from error
    if node is None:
        return Section({}, Origin(layer))
    return _tree(node, layer, numbered)


def _line_of(error: yaml.MarkedYAMLError) -> int:
    """Return the line of a mistake: what has no end is wrong where it begins."""
    is_unfinished = (error.context or "").startswith(UNFINISHED)
    mark = (error.context_mark if is_unfinished else None) or error.problem_mark
    return int(mark.line) + 1 if mark else 1


def _refuse_more_than_plain_values(text: str, layer: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        mark = event.start_mark
        place = f"{layer}:{mark.line + 1}" if mark else layer
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST_NESTING:
            raise ConfigError(f"{place}: nested deeper than {DEEPEST_NESTING} levels.")
        if getattr(event, "anchor", None):
            raise ConfigError(f"{place}: anchors and aliases are not read. Write the value out.")
        if tag := getattr(event, "tag", None):
            raise ConfigError(
                f"{place}: the tag {tag!r} is refused. Settings hold plain values only."
            )


def _tree(node: yaml.Node, layer: str, numbered: bool, key_line: Origin | None = None) -> Tree:
    origin = key_line or Origin(layer, node.start_mark.line + 1 if numbered else None)
    if isinstance(node, yaml.ScalarNode):
        return Scalar(node.value, origin, quoted=node.style in ("'", '"'))
    if isinstance(node, yaml.SequenceNode):
        return Items(tuple(_tree(item, layer, numbered) for item in node.value), origin)
    assert isinstance(node, yaml.MappingNode)
    section = Section({}, origin)
    for key, value in node.value:
        key_line = Origin(layer, key.start_mark.line + 1 if numbered else None)
        if not isinstance(key, yaml.ScalarNode):
            raise ConfigError(f"{key_line}: a key must be a plain word.")
        if not key.value:
            raise ConfigError(f"{key_line}: a key is empty.")
        insert(section, key.value, _tree(value, layer, numbered, key_line), key_line)
    return section


def insert(section: Section, dotted: str, value: Tree, origin: Origin) -> None:
    """Put `value` below `section` at a dotted key, making the sections between.

    A key may have a plain value and keys below it (``model: PC_AVS`` and ``model.noise: none``);
    the plain value then stands below it under the empty key.

    Raises:
        ConfigError: The key stands there already.
    """
    first, _, rest = dotted.partition(".")
    present = section.entries.get(first)
    if not rest:
        if isinstance(present, Section) and isinstance(value, Scalar):
            insert(present, PLAIN_VALUE, value, origin)
        elif present is not None:
            raise ConfigError(f"{origin}: the key {first!r} is given twice. Keep one.")
        else:
            section.entries[first] = value
        return
    if not isinstance(present, Section):
        below = Section({}, origin)
        if present is not None:
            below.entries[PLAIN_VALUE] = present
        section.entries[first] = present = below
    insert(present, rest, value, origin)
