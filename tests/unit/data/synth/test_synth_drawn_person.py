"""Somebody to try a method with."""

from pathlib import Path

import numpy as np

from talkingface.data.synth import draw_person
from talkingface.data.synth.drawn_person import PORTRAIT_PX, SECONDS
from talkingface.media import open_speech, read_picture


def test_a_drawn_person_has_a_face_and_a_voice(tmp_path: Path) -> None:
    portrait, speech = draw_person(3, tmp_path / "drawn")
    assert read_picture(portrait).shape == (PORTRAIT_PX, PORTRAIT_PX, 3)
    assert open_speech(speech).seconds == SECONDS


def test_a_method_that_sees_heads_is_given_one(tmp_path: Path) -> None:
    face, head = (draw_person(3, tmp_path, shows=shows)[0] for shows in ("face", "head"))
    near, far = (np.asarray(read_picture(one), np.float64) for one in (face, head))
    corners = [np.ptp(picture[:20, :20], axis=(0, 1)).max() for picture in (near, far)]
    assert face != head
    assert corners[1] < 20 < np.abs(near - far).mean()  # a wall is plain
