"""Files of installed packages are found, and nothing of the packages is run."""

import sys
from pathlib import Path

import pytest

from talkingface.storage.packaged import packaged_file


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "loud_package"
    (folder / "data").mkdir(parents=True)
    (folder / "__init__.py").write_text("raise SystemExit('it was run')")
    (folder / "data" / "net.bin").touch()
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def test_a_file_is_found_and_the_package_is_not_imported(package: Path) -> None:
    assert packaged_file("loud_package", "data/net.bin") == package / "data" / "net.bin"
    assert "loud_package" not in sys.modules


def test_what_is_not_there_is_nothing(package: Path) -> None:
    assert packaged_file("loud_package", "data/other.bin") is None
    assert packaged_file("no_such_package", "data/net.bin") is None
