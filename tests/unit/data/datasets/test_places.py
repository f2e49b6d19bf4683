"""Where the paths of a list lead."""

from pathlib import Path

import pytest

from talkingface.data.datasets.places import Places


@pytest.fixture
def misc(tmp_path: Path) -> Path:
    (tmp_path / "misc" / "Input" / "anna").mkdir(parents=True)
    return tmp_path / "misc"


@pytest.mark.parametrize(
    "written", ["Input/anna", "misc/Input/anna", "elsewhere/data/Input/anna", "/gone/Input/anna"]
)
def test_a_path_is_found_in_the_folder_above_it_and_after_a_move(misc: Path, written: str) -> None:
    assert Places(misc).find(written).samefile(misc / "Input" / "anna")


def test_a_path_may_start_in_the_working_folder(
    misc: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here" / "mine").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    assert Places(misc).find("mine").samefile(tmp_path / "here" / "mine")


def test_a_name_alone_is_not_looked_for_further(misc: Path) -> None:
    assert not Places(misc).find("gone/anna").exists()
    assert Places(misc).find("None") == misc / "None"
