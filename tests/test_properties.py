"""Every settings file that comes with the program loads, and every key in it is known."""

from pathlib import Path

import pytest

from talkingface.config.layers import resolve
from talkingface.config.locations import properties_folder
from talkingface.config.yaml_tree import Origin, Scalar, Section, read_file
from talkingface.plugins import discover

FILES = sorted(properties_folder().rglob("*.yaml"))


def test_there_are_settings_files() -> None:
    assert properties_folder() / "overall.yaml" in FILES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_settings_file_loads_and_its_keys_are_known(path: Path) -> None:
    registry = discover()
    keys = Section({}, Origin("test"))
    if path.parent.name in ("model", "dataset"):
        keys.entries[path.parent.name] = Scalar(path.stem, Origin("test"))
    resolved = resolve(registry, keys, [str(path)])
    if path.parent.name == "model":
        assert resolved.model is not None
        assert resolved.model.name == path.stem  # the file is found by the name it is spelled with
    assert read_file(path) is not None
