"""Landmarks that are complete, and landmarks that are not."""

import numpy as np
import pytest

from talkingface.errors import DataError
from talkingface.face.points import check_complete


def test_complete_landmarks_pass():
    check_complete(np.zeros((3, 68, 2)))


def test_the_first_frames_without_landmarks_are_named():
    points = np.zeros((40, 68, 2))
    points[10:20] = np.nan
    with pytest.raises(DataError, match=r"10 of 40 frames .*\(frame 10, 11, 12, 13, 14, \.\.\.\)"):
        check_complete(points)
