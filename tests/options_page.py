"""A page that says what became of the options of an authors' program, read for its tests."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from talkingface.config.fields import field_types
from talkingface.config.settings import Settings

SETTING = re.compile(r"`((?:model|dataset|train|evaluate|generate)\.[\w.]+)`")
STATED_COLUMNS = 5  # of a table whose fourth column has defaults


class OptionsPage:
    """The page ``OPTIONS.md`` of a method.

    Args:
        method: its package.
        sections: the settings of the method and of its dataset, by ``model`` and ``dataset``.
    """

    def __init__(self, method: ModuleType, sections: Mapping[str, type]) -> None:
        assert method.__file__ is not None
        self.text = (Path(method.__file__).parent / "OPTIONS.md").read_text(encoding="utf-8")
        lines = [line for line in self.text.splitlines() if line.startswith("| ")]
        self.rows = [line.split("|")[1:-1] for line in lines]
        self.settings = sorted(set(SETTING.findall(self.text)))
        self._sections = sections

    def default_of(self, setting: str) -> object:
        """Return the default of a dotted setting, such as ``model.network.image_px``."""
        section, *names = setting.split(".")
        value: object = self._sections.get(section, field_types(Settings)[section])()
        for name in names:
            assert hasattr(value, name), f"there is no setting {setting}"
            value = getattr(value, name)
        return value

    def stated_defaults(self) -> dict[str, str]:
        """Return the defaults that the tables state, by setting."""
        return {
            setting: row[3].strip()
            for row in self.rows
            if len(row) == STATED_COLUMNS and row[3].strip()
            for setting in SETTING.findall(row[2])[:1]
        }

    def named(self, marked: str) -> list[str]:
        """Return the options that first columns name, by how they are marked there."""
        return [name for row in self.rows for name in re.findall(marked, row[0])]
