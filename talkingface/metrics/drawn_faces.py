"""Reads drawn faces for scores, with the reader that was trained on SynthTalk.

Beside landmarks and pose it reads what no finder can: where the eyes look, how far they are closed,
and the mood. As everywhere, both sides of a pair are read, the real one too.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Clip
from talkingface.face.reader import FaceReader, FaceReadings
from talkingface.metrics.base import Pictures, View, unreadable
from talkingface.metrics.readers import NO_EXPRESSION
from talkingface.metrics.theval.meshes import MESHES

OPEN = 0.5  # eyes that are more closed show no gaze
NO_MESH = (
    "MediaPipe finds the mesh of filmed faces, and these are drawn. The stand-in, by 68 points, is "
    "theval_68."
)
# Radians by which SynthTalk turns an eye at gaze 1: across, down.
GAZE_REACH = (0.5, 0.34)


def shows_drawn_faces(clip: Clip) -> bool:
    """Return whether a clip is SynthTalk's, in whatever layout: only there are factors known."""
    return "factors" in clip.known


def read_drawn_view(frames: Pictures, reader: FaceReader) -> View:
    """Return a view of frames (T, H, W, 3) with everything that `reader` reads.

    Its readings by name are ``landmarks``, ``pose``, ``gaze``, ``emotion`` (T, 5), ``blink`` (T,)
    and ``mouth_opening`` (T,), nan in frames without a face. Strengths of emotion are no
    ``expression``: those are coefficients of a 3D face model. Nothing is read before a metric asks,
    and then all of it at once.
    """

    # Nothing here holds the view itself: a circle would keep its frames until Python looks for it.
    @cache
    def readings() -> FaceReadings:
        return reader.read(frames)

    def read(name: str) -> NDArray[np.float64]:
        values = np.array(getattr(readings(), name), dtype=np.float64)
        values[~readings().found] = np.nan
        return values

    return View(
        frames,
        {
            "landmarks": lambda: read("landmarks")[..., :2],
            "pose": lambda: read("pose"),
            "gaze": lambda: directions(read("gaze"), read("blink")),
            "emotion": lambda: read("emotion"),
            "blink": lambda: read("blink"),
            "mouth_opening": lambda: read("mouth_opening"),
            "expression": unreadable(NO_EXPRESSION),
            **dict.fromkeys(MESHES, unreadable(NO_MESH)),
        },
    )


def directions(gaze: NDArray[np.float64], blink: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return where eyes look (T, 3) for gazes (T, 2); nan where they are closed by `blink` (T,).

    The direction is the eye's in the head: a head that turns does not change it.
    """
    across, down = (np.array(GAZE_REACH) * gaze).T
    looks = np.stack(
        [np.sin(across) * np.cos(down), np.sin(down), np.cos(across) * np.cos(down)], axis=1
    )
    looks[blink >= OPEN] = np.nan
    return looks
