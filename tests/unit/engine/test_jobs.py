"""What a method is asked to make of a clip."""

import numpy as np
import pytest

from talkingface.clip import Clip, FrameArray
from talkingface.engine.jobs import self_driven
from talkingface.errors import DataError
from talkingface.media import SpeechArray

SPEECH = SpeechArray(np.zeros(16000, np.float32))


def grey(*levels: int) -> FrameArray:
    return FrameArray(np.stack([np.full((8, 8, 3), level, np.uint8) for level in levels]))


def test_a_clip_by_itself_is_driven_by_itself() -> None:
    clip = Clip("a", grey(1, 2), SPEECH)
    job = self_driven(clip, ["lip", "pose"])
    assert [int(portrait.mean()) for portrait in job.portraits] == [1]
    assert job.controls["lip"].source is None
    assert job.controls["pose"].source is clip
    assert job.subject is clip


def test_references_and_drivers_that_a_clip_brings_are_used() -> None:
    nod = grey(7, 8, 9)
    clip = Clip("a", grey(1, 2), SPEECH, sources={"reference": grey(5, 6), "pose": nod})
    job = self_driven(clip, ["lip", "pose", "emotion"])
    assert [int(portrait.mean()) for portrait in job.portraits] == [5, 6]
    driver = job.controls["pose"].source
    assert isinstance(driver, Clip)
    assert driver.frames is nod
    assert job.controls["emotion"].source is clip
    assert job.subject is None  # the frames may show somebody else


def test_a_clip_without_frames_or_sound_is_no_job() -> None:
    with pytest.raises(DataError, match="a has no frames"):
        self_driven(Clip("a", None, SPEECH), [])
    with pytest.raises(DataError, match="a has no sound"):
        self_driven(Clip("a", grey(1)), [])
