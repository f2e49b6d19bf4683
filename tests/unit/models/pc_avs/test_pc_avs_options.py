"""The page of options names every option of the authors' demo once, and settings that exist."""

import re

import pytest

import talkingface.models.pc_avs as pc_avs
from talkingface.config.fields import field_types
from talkingface.data.datasets.method_settings import PCAVSDatasetSettings
from talkingface.data.preparation.options import PreparationOptions
from talkingface.models.pc_avs.config import PCAVSSettings
from tests.options_page import OptionsPage

PAGE = OptionsPage(pc_avs, {"model": PCAVSSettings, "dataset": PCAVSDatasetSettings})
NUM_OPTIONS = 120  # of their test program


def test_every_option_stands_in_one_row() -> None:
    named = PAGE.named(r"`(--\w+)`")
    assert len(named) == len(set(named)) == NUM_OPTIONS


@pytest.mark.parametrize("setting", sorted({*PAGE.settings} - {"generate.strength.pose"}))
def test_a_setting_that_the_page_names_is_there(setting: str) -> None:
    PAGE.default_of(setting)


def test_defaults_are_those_that_the_page_states() -> None:
    stated = PAGE.stated_defaults()
    assert len(stated) >= 6
    assert {setting: str(PAGE.default_of(setting)) for setting in stated} == stated


def test_the_words_of_preprocess_are_there() -> None:
    scripts = PAGE.text.partition("Their scripts are")[2].partition("##")[0]
    theirs = {"src_input_path", "src_audio_path", "src_pose_path", "src_mouth_frame_path"}
    theirs |= {"csv_path", "dir_path", "convert_spectrogram", "folder_path", "dataset"}
    ours = set(re.findall(r"--(\w+)", scripts)) - theirs
    assert ours <= field_types(PreparationOptions).keys()
    assert len(ours) >= 8
