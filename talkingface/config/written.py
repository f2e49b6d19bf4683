"""Writes resolved settings: as lines with their layers, and as a file that can be read again."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, get_origin

import yaml

from talkingface.config.fields import Setting, leaves
from talkingface.config.layers import Resolved
from talkingface.config.settings import Settings

DEFAULT_LAYER = "default"


@dataclass(frozen=True)
class Line:
    """One setting of a call."""

    key: str  # dotted
    value: str  # as YAML, on one line
    layer: str  # where it was set

    def __str__(self) -> str:
        return f"{self.key}: {self.value}"


def listed(resolved: Resolved) -> list[Line]:
    """Return every setting of a call with its value and the layer that the value comes from."""
    return [
        Line(key, as_yaml(value), resolved.origins.get(key, DEFAULT_LAYER))
        for setting in leaves(Settings, resolved.chosen)
        for key, value in _values(setting, resolved.values).items()
    ]


def as_file(resolved: Resolved) -> str:
    """Return the text of a settings file that gives the same settings again."""
    return "".join(f"{line}\n" for line in listed(resolved))


def as_yaml(value: Any) -> str:
    """Return a value as YAML, on one line."""
    text = yaml.safe_dump(_plain(value), default_flow_style=True, width=10**6, allow_unicode=True)
    return text.removesuffix("\n").removesuffix("\n...")


def _values(setting: Setting, given: Mapping[str, Any]) -> dict[str, Any]:
    if get_origin(setting.type) is not Mapping:
        return {setting.key: given.get(setting.key, setting.default)}
    prefix = f"{setting.key}."
    defaults = {prefix + name: value for name, value in setting.default.items()}
    entries = defaults | {key: value for key, value in given.items() if key.startswith(prefix)}
    return entries or {setting.key: {}}


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value
