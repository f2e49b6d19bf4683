"""Somebody to try a method with."""

from pathlib import Path

from talkingface.data.synth import draw_person
from talkingface.data.synth.drawn_person import PORTRAIT_PX, SECONDS
from talkingface.media import open_speech, read_picture


def test_a_drawn_person_has_a_face_and_a_voice(tmp_path: Path) -> None:
    portrait, speech = draw_person(3, tmp_path / "drawn")
    assert read_picture(portrait).shape == (PORTRAIT_PX, PORTRAIT_PX, 3)
    assert open_speech(speech).seconds == SECONDS
