"""From text to the type of a setting, or a sentence that says why not. Nothing is guessed."""

import re
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isnan
from types import MappingProxyType
from typing import Any, Final, Literal, TypeVar, Union, get_args, get_origin

from talkingface.config.fields import (
    default,
    field_types,
    first_field,
    is_section,
    leaves,
    limits,
)
from talkingface.config.mistakes import Mistakes
from talkingface.config.yaml_tree import (
    PLAIN_VALUE,
    Items,
    Origin,
    Scalar,
    Section,
    Tree,
    parse,
)
from talkingface.errors import ConfigError, did_you_mean, nearest

TRUE_WORDS = frozenset({"true", "yes", "on"})
FALSE_WORDS = frozenset({"false", "no", "off"})
NULL_WORDS = frozenset({"", "~", "null", "none"})
EMPTY: Final[Mapping[str, type]] = MappingProxyType({})
RootT = TypeVar("RootT")
INTEGER = re.compile(r"[-+]?\d[\d_]*")


Chosen = Mapping[str, type]  # the class that a section has in this call, by its key


@dataclass(frozen=True)
class Value:
    """A converted value and where it was written."""

    value: Any
    origin: Origin


def flatten(
    tree: Section, root: type, chosen: Chosen = EMPTY, prefix: str = ""
) -> dict[str, Value]:
    """Return every value that stands in `tree`, typed and within its limits, by dotted key.

    Raises:
        ConfigError: A key is unknown, or a value has another type or lies outside its limits.
    """
    flat: dict[str, Value] = {}
    mistakes = Mistakes()
    for written, below in tree.entries.items():
        name = first_field(root) if written == PLAIN_VALUE else written
        with mistakes.gathered():
            inner = _flat_entry(name, below, root, chosen, prefix)
            if twice := flat.keys() & inner.keys():
                raise ConfigError(f"{below.origin}: {min(twice)!r} is given twice. Keep one.")
            flat.update(inner)
    mistakes.tell()
    return flat


def _flat_entry(name: str, tree: Tree, root: type, chosen: Chosen, prefix: str) -> dict[str, Value]:
    """Return what stands in one entry of a section; see `flatten`."""
    types_by_name = field_types(root)
    if name not in types_by_name:
        raise ConfigError(_unknown_key(prefix + name, tree.origin, root, chosen, prefix))
    key = prefix + name
    kind = chosen.get(key, types_by_name[name])
    if is_section(kind):
        return flatten(_section(tree), kind, chosen, f"{key}.")
    if get_origin(kind) is Mapping:
        return _entries(tree, kind, key)
    value = convert(tree, kind, key)
    _check_limits(value, limits(root, name), key, tree.origin)
    return {key: Value(value, tree.origin)}


def instance(
    root: Callable[..., RootT], values: Mapping[str, Any], chosen: Chosen = EMPTY, prefix: str = ""
) -> RootT:
    """Return the settings class `root` filled from values by dotted key; the rest is default."""
    given: dict[str, Any] = {}
    for name, declared in field_types(root).items():
        key = prefix + name
        kind = chosen.get(key, declared)
        if is_section(kind):
            given[name] = instance(kind, values, chosen, f"{key}.")
        elif get_origin(kind) is Mapping:
            below = {one: values[one] for one in values if one.startswith(f"{key}.")}
            given[name] = default(root, name) | {
                one.removeprefix(f"{key}."): value for one, value in below.items()
            }
        elif key in values:
            given[name] = values[key]
    return root(**given)


def convert(tree: Tree, kind: Any, key: str) -> Any:
    """Return what `tree` says as a value of the type `kind`.

    Raises:
        ConfigError: It says something else.
    """
    origin_of_kind = get_origin(kind)
    if origin_of_kind in (Union, types.UnionType):
        return _convert_optional(tree, kind, key)
    if is_section(kind):
        return _convert_section(tree, kind, key)
    if origin_of_kind is tuple:
        return _convert_items(tree, get_args(kind)[0], key)
    if not isinstance(tree, Scalar):
        raise ConfigError(f"{tree.origin}: {key!r} takes one value: {described(kind)}.")
    return _convert_scalar(tree, kind, key)


def described(kind: Any) -> str:
    """Say in words what values a type takes.

    >>> described(float | None)
    'a number or none'
    """
    if get_origin(kind) in (Union, types.UnionType):
        return " or ".join(described(one) for one in get_args(kind))
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(str(choice) for choice in get_args(kind))
    if get_origin(kind) is tuple:
        return f"a list, each {described(get_args(kind)[0])}"
    if get_origin(kind) is Mapping:
        return f"names, each with {described(get_args(kind)[1])}"
    words = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}
    return words.get(kind, "none" if kind is type(None) else "a group of settings")


def _convert_scalar(scalar: Scalar, kind: Any, key: str) -> Any:
    text = scalar.text
    if get_origin(kind) is Literal:
        return _convert_choice(scalar, kind, key)
    if kind is str:
        if "${" in text:
            raise ConfigError(
                f"{scalar.origin}: {key!r} refers to another value ({text!r}). "
                "Settings hold plain values; write the value out."
            )
        return text
    if kind is bool and text.lower() in TRUE_WORDS | FALSE_WORDS:
        return text.lower() in TRUE_WORDS
    if kind is int and INTEGER.fullmatch(text):
        return int(text)
    if kind is float:
        try:
            return float(text)
        except ValueError:
            pass
    raise ConfigError(f"{scalar.origin}: {key!r} takes {described(kind)}, not {text!r}.")


def _convert_choice(scalar: Scalar, kind: Any, key: str) -> Any:
    choices = {str(choice): choice for choice in get_args(kind)}
    if scalar.text not in choices:
        hint = did_you_mean(scalar.text, choices)
        raise ConfigError(
            f"{scalar.origin}: {key!r} takes {described(kind)}, not {scalar.text!r}.{hint}"
        )
    return choices[scalar.text]


def _convert_optional(tree: Tree, kind: Any, key: str) -> Any:
    if isinstance(tree, Scalar) and not tree.quoted and tree.text.lower() in NULL_WORDS:
        return None
    for one in get_args(kind):
        if one is not type(None):
            try:
                return convert(tree, one, key)
            except ConfigError:
                continue
    raise ConfigError(f"{tree.origin}: {key!r} takes {described(kind)}.")


def _convert_items(tree: Tree, kind: Any, key: str) -> tuple[Any, ...]:
    if isinstance(tree, Section):
        raise ConfigError(f"{tree.origin}: {key!r} takes a list of values: [first, second].")
    values = tree.values if isinstance(tree, Items) else _listed_in_one_word(tree)
    return tuple(convert(one, kind, f"{key}[{index}]") for index, one in enumerate(values))


def _listed_in_one_word(scalar: Scalar) -> tuple[Tree, ...]:
    """Return the values of a list written as one word: ``SSIM,PSNR`` or ``[SSIM, PSNR]``."""
    if scalar.quoted:
        return (scalar,)
    if scalar.text.startswith("["):
        tree = parse(scalar.text, scalar.origin.layer, numbered=False)
        return tree.values if isinstance(tree, Items) else (tree,)
    words = [word.strip() for word in scalar.text.split(",")]
    return tuple(Scalar(word, scalar.origin) for word in words if word)


def _entries(tree: Tree, kind: Any, key: str) -> dict[str, Value]:
    """Return each entry of a mapping as a setting, so that a later layer changes one alone."""
    if isinstance(tree, Scalar) and tree.text.startswith("{"):
        tree = parse(tree.text, tree.origin.layer, numbered=False)
    if not isinstance(tree, Section):
        raise ConfigError(f"{tree.origin}: {key!r} takes names with values: {{name: value}}.")
    kind_of_entry = get_args(kind)[1]
    return {
        f"{key}.{name}": Value(convert(one, kind_of_entry, f"{key}.{name}"), one.origin)
        for name, one in tree.entries.items()
    }


def _convert_section(tree: Tree, kind: type, key: str) -> Any:
    """Return an instance of a settings class that stands inside a list."""
    flat = flatten(_section(tree), kind)
    return instance(kind, {name: one.value for name, one in flat.items()})


def _section(tree: Tree) -> Section:
    """Return a tree as a section: a plain value stands for the section's first field."""
    return tree if isinstance(tree, Section) else Section({PLAIN_VALUE: tree}, tree.origin)


def _check_limits(
    value: Any, limits: tuple[float | None, float | None], key: str, origin: Origin
) -> None:
    minimum, maximum = limits
    for one in value if isinstance(value, tuple) else (value,):
        if not isinstance(one, int | float):
            continue
        if isnan(one):
            raise ConfigError(f"{origin}: {key!r} takes a number, not nan.")
        if minimum is not None and one < minimum:
            raise ConfigError(f"{origin}: {key!r} is {one}; it must be at least {minimum}.")
        if maximum is not None and one > maximum:
            raise ConfigError(f"{origin}: {key!r} is {one}; it must be at most {maximum}.")


def _unknown_key(key: str, origin: Origin, root: type, chosen: Chosen, prefix: str) -> str:
    name = key.removeprefix(prefix)
    hint = did_you_mean(key, [prefix + sibling for sibling in field_types(root)])
    if not hint:
        below = [leaf.key for leaf in leaves(root, chosen, prefix)]
        by_last_word = {known.rpartition(".")[2]: known for known in below}
        near = nearest(name, by_last_word)
        hint = f" Did you mean {by_last_word[near]!r}?" if near else did_you_mean(key, below)
    known = ", ".join(field_types(root))
    return f"{origin}: unknown key {key!r}.{hint or f' Known here: {known}.'}"
