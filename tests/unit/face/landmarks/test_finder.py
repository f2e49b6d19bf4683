"""Names of back ends, and where they lead."""

import sys

import pytest

from talkingface.errors import PluginError
from talkingface.face.landmarks import back_end_names, open_finder


def test_there_are_back_ends_for_dlib_face_alignment_and_mediapipe():
    assert {"dlib", "face_alignment", "face_alignment_3d", "mediapipe"} <= set(back_end_names())


def test_an_unknown_name_is_answered_with_the_nearest_and_all():
    with pytest.raises(PluginError, match=r"called 'dlibb'\. Did you mean 'dlib'\? There are: "):
        open_finder("dlibb")


@pytest.mark.parametrize(
    ("name", "package"),
    [("face-alignment", "face_alignment"), ("MediaPipe", "mediapipe"), ("dlib", "dlib")],
)
def test_a_back_end_that_is_not_installed_says_how_to_install_it(monkeypatch, name, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(PluginError, match="pip install"):
        open_finder(name)
