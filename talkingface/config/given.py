"""Settings given as Python values: as a tree like that of a file, and as words of a command."""

from collections.abc import Iterator, Mapping
from typing import Any

from talkingface.config.written import as_yaml
from talkingface.config.yaml_tree import Items, Origin, Scalar, Section, Tree, insert


def section_of(values: Mapping[str, Any], layer: str) -> Section:
    """Return values by key, dotted or nested, as a section. Messages call the place `layer`.

    >>> section_of({"train": {"steps": 200}}, "this call").entries["train"].entries["steps"].text
    '200'

    Raises:
        ConfigError: A key stands there twice.
    """
    section = Section({}, Origin(layer))
    for key, value in _flat(values):
        insert(section, key, _tree(value, layer), Origin(layer))
    return section


def words_of(values: Mapping[str, Any]) -> list[str]:
    """Return the words that say the same on a command line.

    >>> words_of({"dataset": {"size": "tiny"}, "metrics": ("SSIM", "PSNR"), "limit": None})
    ['--dataset.size=tiny', '--metrics=[SSIM, PSNR]', '--limit=null']
    """
    return [f"--{key}={_text(value)}" for key, value in _flat(values)]


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _tree(value: object, layer: str) -> Tree:
    if isinstance(value, Mapping):
        return section_of(value, layer)
    if isinstance(value, list | tuple):
        return Items(tuple(_tree(one, layer) for one in value), Origin(layer))
    return Scalar(_text(value), Origin(layer))


def _text(value: object) -> str:
    """Return a value as it is written on the command line: text as it is, the rest as YAML."""
    if value is None or isinstance(value, bool | int | float | list | tuple):
        return as_yaml(value)
    return str(value)
