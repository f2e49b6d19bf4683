import numpy as np
import pytest

from talkingface.face.landmarks import Box, Face
from talkingface.face.pose.canonical import CANONICAL_FACE
from talkingface.metrics.base import MetricUnavailableError
from talkingface.metrics.readers import read_view

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
    view = read_view(frames, finder)
    assert finder.num_asked == 0
    pose, landmarks = view.read("pose"), view.read("landmarks")
    assert finder.num_asked == 4
    np.testing.assert_allclose(landmarks[0], POINTS)
    np.testing.assert_allclose(pose[0], 0, atol=1e-3)  # it looks straight ahead
    assert np.isnan(landmarks[2]).all()
    assert np.isnan(pose[2]).all()


def test_what_no_finder_reads_stays_unavailable():
    with pytest.raises(MetricUnavailableError, match="gaze"):
        read_view(np.zeros((1, 8, 8, 3), np.uint8), Finder()).read("gaze")
