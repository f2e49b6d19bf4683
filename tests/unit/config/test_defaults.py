"""Settings that nobody names are those that results were made with.

Whoever changes a default changes what every recipe and every kept `config.yaml` without it means,
and must change `defaults.yaml` with open eyes.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import yaml

from talkingface.config.settings import Settings


def flat(part: object, name: str = "") -> Iterator[tuple[str, object]]:
    for field in fields(part):
        value, key = getattr(part, field.name), f"{name}{field.name}"
        if is_dataclass(value):
            yield from flat(value, f"{key}.")
        else:
            yield key, plain(value)


def plain(value: object) -> object:
    """Return a value as YAML has it."""
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return value if isinstance(value, bool | int | float | str | None) else str(value)


def test_defaults_are_those_that_are_written_down() -> None:
    kept = Path(__file__).with_name("defaults.yaml").read_text(encoding="utf-8")
    assert dict(flat(Settings())) == yaml.safe_load(kept)
