"""The page of options names every option of the authors' demo once, and settings that exist."""

import re
from pathlib import Path

import pytest

import talkingface.models.pc_avs as pc_avs
from talkingface.config.fields import field_types
from talkingface.config.settings import Settings
from talkingface.data.datasets.method_settings import PCAVSDatasetSettings
from talkingface.data.preparation.options import PreparationOptions
from talkingface.models.pc_avs.config import PCAVSSettings

PAGE = (Path(pc_avs.__file__).parent / "OPTIONS.md").read_text(encoding="utf-8")
TABLES = [line.split("|")[1:-1] for line in PAGE.splitlines() if line.startswith("| ")]
SECTIONS = {"model": PCAVSSettings, "dataset": PCAVSDatasetSettings}
NUM_OPTIONS = 120  # of their test program
SETTING = re.compile(r"`((?:model|dataset|train|evaluate|generate)\.[\w.]+)`")


def default_of(setting: str) -> object:
    """Return the default of a dotted setting, such as ``model.network.image_px``."""
    section, *names = setting.split(".")
    value: object = SECTIONS.get(section, field_types(Settings)[section])()
    for name in names:
        assert hasattr(value, name), f"there is no setting {setting}"
        value = getattr(value, name)
    return value


def test_every_option_stands_in_one_row() -> None:
    named = [name for row in TABLES for name in re.findall(r"`(--\w+)`", row[0])]
    assert len(named) == len(set(named)) == NUM_OPTIONS


@pytest.mark.parametrize("setting", sorted(set(SETTING.findall(PAGE)) - {"generate.strength.pose"}))
def test_a_setting_that_the_page_names_is_there(setting: str) -> None:
    default_of(setting)


def test_defaults_are_those_that_the_page_states() -> None:
    stated = {
        setting: row[3].strip()
        for row in TABLES
        if len(row) == 5 and row[3].strip()
        for setting in SETTING.findall(row[2])[:1]
    }
    assert len(stated) >= 6
    assert {setting: str(default_of(setting)) for setting in stated} == stated


def test_the_words_of_preprocess_are_there() -> None:
    scripts = PAGE.partition("Their scripts are")[2].partition("##")[0]
    theirs = {"src_input_path", "src_audio_path", "src_pose_path", "src_mouth_frame_path"}
    theirs |= {"csv_path", "dir_path", "convert_spectrogram", "folder_path", "dataset"}
    ours = set(re.findall(r"--(\w+)", scripts)) - theirs
    assert ours <= field_types(PreparationOptions).keys()
    assert len(ours) >= 8
