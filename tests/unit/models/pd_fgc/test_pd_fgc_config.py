"""Sizes that no network can have are refused before one is built."""

import pytest

from talkingface.errors import ConfigError
from talkingface.models.pd_fgc.config import PDFGCSizes


def test_the_start_map_is_what_the_generator_doubles() -> None:
    assert PDFGCSizes().start_px == 7
    assert PDFGCSizes(image_px=112, generator_channels=(8, 8, 8, 8, 8)).start_px == 7
    with pytest.raises(ConfigError, match="draws no pictures of 100 px"):
        PDFGCSizes(image_px=100)


@pytest.mark.parametrize("name", ["appearance_depths", "speech_depths"])
def test_an_encoder_has_four_stages(name) -> None:
    with pytest.raises(ConfigError, match=rf"model\.network\.{name} is \[1, 2\]"):
        PDFGCSizes(**{name: (1, 2)})
