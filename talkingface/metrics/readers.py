"""Reads faces for scores: landmarks and head pose, found in the frames by one and the same finder.

Errors of a finder are much alike on both sides of a pair, so the real video too is read, even where
its landmarks are known: a score of what was found against what is true would measure the finder.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from talkingface.face.landmarks import FaceFinder, landmark_track
from talkingface.face.pose.head_pose import head_pose
from talkingface.metrics.base import Pictures, View


def read_view(frames: Pictures, finder: FaceFinder) -> View:
    """Return a view of frames (T, H, W, 3) whose ``landmarks`` and ``pose`` `finder` can read.

    The largest face of each frame counts; a frame without one has none (nan). Nothing is sought
    before a metric asks.
    """

    # Nothing here holds the view itself: a circle would keep its frames until Python looks for it.
    @cache
    def landmarks() -> NDArray[np.float32]:
        return landmark_track(frames, finder, missing="pass").points

    return View(
        frames, {"landmarks": landmarks, "pose": lambda: head_pose(landmarks().astype(np.float64))}
    )
