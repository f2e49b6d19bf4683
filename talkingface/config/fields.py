"""What the program knows of a setting: its type, default, range and one sentence of documentation.

A settings class is a frozen dataclass. Each field is followed by a string, which is its
documentation and its ``--help`` text; `ranged` gives a number its limits::

    batch_size: int = ranged(8, minimum=1)
    '''Clips in one step.'''

The first field of a section is the one that a plain value means: ``train: true`` is short for
``train.enabled: true``, and ``--model=PC_AVS`` for ``--model.name=PC_AVS``.
"""

import ast
import dataclasses
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, get_type_hints


@dataclass(frozen=True)
class Setting:
    """One leaf of the tree of settings."""

    key: str  # dotted, as on the command line
    type: Any
    default: Any
    sentence: str
    minimum: float | None = None
    maximum: float | None = None


def ranged(default: Any, *, minimum: float | None = None, maximum: float | None = None) -> Any:
    """Return a dataclass field for a number (or a tuple of them) between two limits, inclusive."""
    return dataclasses.field(default=default, metadata={"minimum": minimum, "maximum": maximum})


def is_section(candidate: Any) -> bool:
    """Return whether a type is a settings class."""
    return isinstance(candidate, type) and dataclasses.is_dataclass(candidate)


def first_field(section: Any) -> str:
    """Return the name of the field that a plain value for this section means."""
    return dataclasses.fields(section)[0].name


@cache
def field_types(section: Any) -> Mapping[str, Any]:
    """Return the type of each field by name, in order of definition."""
    hints = get_type_hints(section)
    return {one.name: hints[one.name] for one in dataclasses.fields(section)}


def default(section: Any, name: str) -> Any:
    """Return the value of a field that nobody sets."""
    one = next(one for one in dataclasses.fields(section) if one.name == name)
    if one.default_factory is not dataclasses.MISSING:
        return one.default_factory()
    return one.default


def limits(section: Any, name: str) -> tuple[float | None, float | None]:
    """Return the least and the greatest value that a field takes, inclusive, or None."""
    metadata = next(one.metadata for one in dataclasses.fields(section) if one.name == name)
    return metadata.get("minimum"), metadata.get("maximum")


def leaves(
    root: type, chosen: Mapping[str, type] | None = None, prefix: str = ""
) -> Iterator[Setting]:
    """Yield every setting below `root`. `chosen` replaces the class of a section, by its key."""
    sentences = documentation(root)
    types = field_types(root)
    for one in dataclasses.fields(root):
        key = prefix + one.name
        kind = (chosen or {}).get(key, types[one.name])
        if is_section(kind):
            yield from leaves(kind, chosen, prefix=f"{key}.")
            continue
        yield Setting(
            key, kind, default(root, one.name), sentences.get(one.name, ""), *limits(root, one.name)
        )


@cache
def documentation(section: type) -> Mapping[str, str]:
    """Return the string that follows each field in the source of a settings class."""
    sentences: dict[str, str] = {}
    for owner in reversed(section.__mro__):
        if dataclasses.is_dataclass(owner):
            sentences.update(_strings_after_fields(owner))
    return sentences


def _strings_after_fields(owner: type) -> Iterator[tuple[str, str]]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(owner))).body[0]
    assert isinstance(tree, ast.ClassDef)
    for statement, following in zip(tree.body, tree.body[1:], strict=False):
        match statement, following:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                yield name, inspect.cleandoc(text).replace("\n", " ")
