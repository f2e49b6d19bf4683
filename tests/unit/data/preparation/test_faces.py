"""The face of a clip, with a finder that says what we tell it."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from talkingface.clip import FrameArray, Picture
from talkingface.data.preparation import faces
from talkingface.data.preparation.options import PreparationOptions
from talkingface.errors import DataError
from talkingface.face.landmarks import Box, Face

NUM_FRAMES = 10
POINTS = np.stack(np.meshgrid(np.arange(4), np.arange(17)), axis=-1).reshape(68, 2) * (10, 5) + 20
FACE = Face(Box.around(POINTS), POINTS.astype(np.float32), "scripted")


class BlindIn:
    """Finds the same face in every frame but those that are named."""

    name = "scripted"

    def __init__(self, without: list[int]) -> None:
        self.without = without

    def find(self, picture: Picture) -> list[Face]:
        return [] if picture[0, 0, 0] in self.without else [FACE]


USUAL = faces.Search("scripted", "hold", "tracked", 0.2)


@pytest.fixture
def track(monkeypatch: pytest.MonkeyPatch):
    numbers = np.arange(NUM_FRAMES, dtype=np.uint8)[:, None, None, None]
    clip = FrameArray(np.tile(numbers, (1, 120, 120, 3)), Fraction(25))

    def make(without: list[int], search: faces.Search = USUAL):
        monkeypatch.setattr(faces, "_finder", lambda _: BlindIn(without))
        return search.track(clip, Path("talk.mp4"))

    return make


def test_a_fifth_of_the_frames_may_be_without_a_face(track) -> None:
    assert np.flatnonzero(~track([3, 7]).found).tolist() == [3, 7]


def test_more_are_refused_and_the_first_of_them_named(track) -> None:
    with pytest.raises(DataError, match=r"^talk\.mp4: 3 of 10 .* \(frame 3, 7, 9\)\. Choose"):
        track([3, 7, 9])
    with pytest.raises(DataError, match=r"9 of 10 .* \(frame 1, 2, 3, 4, 5, \.\.\.\)\."):
        track(list(range(1, NUM_FRAMES)))


def test_more_may_be_allowed(track) -> None:
    lenient = faces.Search("scripted", "hold", "tracked", 0.5)
    assert np.flatnonzero(~track([3, 7, 9], lenient).found).tolist() == [3, 7, 9]


def test_the_options_of_the_verb_say_which_face_and_how_many_may_miss(track) -> None:
    options = PreparationOptions(face=1, max_missing=0.5, missing="error")
    assert faces.Search.by(options) == faces.Search("dlib", "error", 1, 0.5)
    with pytest.raises(DataError, match="no face 1"):
        track([], faces.Search("scripted", "error", 1, 0.5))
