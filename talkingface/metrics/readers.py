"""Reads filmed faces for scores: landmarks and head pose by one finder, meshes by another.

Errors of a finder are much alike on both sides of a pair, so the real video too is read, even where
its landmarks are known: a score of what was found against what is true would measure the finder.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Speech
from talkingface.errors import PluginError
from talkingface.face.landmarks import FaceFinder, landmark_track
from talkingface.face.pose.head_pose import head_pose
from talkingface.media.features.framing import SAMPLE_RATE_HZ
from talkingface.media.voice_activity import speech_segments
from talkingface.metrics.base import MetricUnavailableError, Pictures, View, unreadable
from talkingface.metrics.theval.meshes import Meshes

ABROAD = "which does not come with this toolkit. A plugin can bring a metric that has one."
NO_EXPRESSION = f"Expression is told by a 3D face model such as Deep3DFaceRecon's, {ABROAD}"
NO_GAZE = f"The gaze of filmed eyes is read by a network such as L2CS-Net, {ABROAD}"
NO_EMOTION = "Moods are read in drawn faces alone, and these are filmed."


def read_view(frames: Pictures, finder: FaceFinder, meshes: Meshes) -> View:
    """Return a view of frames (T, H, W, 3) whose faces are read when a metric asks.

    Args:
        frames: of one video, the next ones.
        finder: reads ``landmarks`` and ``pose``. The largest face of each frame counts; a frame
            without one has none (nan).
        meshes: reads the meshes of this video.
    """

    # Nothing here holds the view itself: a circle would keep its frames until Python looks for it.
    @cache
    def landmarks() -> NDArray[np.float32]:
        return landmark_track(frames, finder, missing="pass").points

    return View(
        frames,
        {
            "landmarks": landmarks,
            "pose": lambda: head_pose(landmarks().astype(np.float64)),
            "gaze": unreadable(NO_GAZE),
            "emotion": unreadable(NO_EMOTION),
            "expression": unreadable(NO_EXPRESSION),
            **meshes.of(frames),
        },
    )


def spoken_seconds(speech: Speech | None) -> NDArray[np.float64]:
    """Return when somebody speaks, start and end (N, 2).

    Raises:
        MetricUnavailableError: nothing is heard, or what hears it is not installed.
    """
    if speech is None:
        raise MetricUnavailableError("This clip has no sound in which anyone could speak.")
    try:
        return speech_segments(speech.read(SAMPLE_RATE_HZ))
    except PluginError as error:
        raise MetricUnavailableError(str(error)) from error
