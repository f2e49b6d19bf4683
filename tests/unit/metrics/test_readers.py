"""What is read of filmed faces and heard of speech, and what is said of the rest."""

import sys

import numpy as np
import pytest

from talkingface.errors import PluginError
from talkingface.face.landmarks import Box, Face
from talkingface.face.pose.canonical import CANONICAL_FACE
from talkingface.media import SpeechArray
from talkingface.metrics import readers
from talkingface.metrics.base import MetricUnavailableError
from talkingface.metrics.readers import read_view, spoken_seconds
from talkingface.metrics.theval.meshes import MESHES, Meshes

POINTS = (CANONICAL_FACE[:, :2] - CANONICAL_FACE[:, :2].min(axis=0)).astype(np.float32)
POINTS = 40 + POINTS * (140 / np.ptp(POINTS))


class Finder:
    """Finds the canonical face in bright pictures, and counts how often it is asked."""

    name = "counting"

    def __init__(self):
        self.num_asked = 0

    def find(self, picture):
        self.num_asked += 1
        return [Face(Box.around(POINTS), POINTS, self.name)] if picture.mean() > 100 else []


def test_landmarks_and_pose_are_read_once_and_only_when_asked_for():
    frames = np.full((4, 224, 224, 3), 200, np.uint8)
    frames[2] = 0
    finder = Finder()
    view = read_view(frames, finder, Meshes())
    assert finder.num_asked == 0
    pose, landmarks = view.read("pose"), view.read("landmarks")
    assert finder.num_asked == 4
    np.testing.assert_allclose(landmarks[0], POINTS)
    np.testing.assert_allclose(pose[0], 0, atol=1e-3)  # it looks straight ahead
    assert np.isnan(landmarks[2]).all()
    assert np.isnan(pose[2]).all()


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("gaze", "such as L2CS-Net"),
        ("expression", "such as Deep3DFaceRecon"),
        ("emotion", "drawn faces alone"),
        *((mesh, r"'mediapipe' cannot start .*Install.*theval_68") for mesh in MESHES),
    ],
)
def test_what_is_not_read_here_says_what_it_takes(monkeypatch, name, what):
    monkeypatch.setitem(sys.modules, "mediapipe", None)
    view = read_view(np.zeros((1, 8, 8, 3), np.uint8), Finder(), Meshes())
    with pytest.raises(MetricUnavailableError, match=what):
        view.read(name)


def test_when_somebody_speaks_is_heard_where_there_is_sound(monkeypatch):
    monkeypatch.setattr(readers, "speech_segments", lambda wave: np.array([[0, len(wave) / 2]]))
    assert spoken_seconds(SpeechArray(np.zeros(800, np.float32))).tolist() == [[0, 400]]
    with pytest.raises(MetricUnavailableError, match="no sound"):
        spoken_seconds(None)


def test_a_detector_of_speech_that_is_not_installed_is_said(monkeypatch):
    def nobody(waveform):
        raise PluginError("Silero is not installed.")

    monkeypatch.setattr(readers, "speech_segments", nobody)
    with pytest.raises(MetricUnavailableError, match="Silero is not installed"):
        spoken_seconds(SpeechArray(np.zeros(800, np.float32)))
