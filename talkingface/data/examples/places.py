"""Where the moving parts of a face are, as shares of the picture: they count more than the rest.

A place is (4,): its middle across and down, half its width and half its height.
"""

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Clip
from talkingface.face.points import LEFT_EYE, MOUTH, RIGHT_EYE

Places = NDArray[np.float32]  # (T, 4)

# In the network's view of an aligned face, for clips whose landmarks are not known.
USUAL_MOUTH = np.array([0.5, 0.625, 0.17, 0.14], dtype=np.float32)
USUAL_LEFT_EYE = np.array([0.37, 0.307, 0.09, 0.06], dtype=np.float32)
USUAL_RIGHT_EYE = np.array([0.63, 0.307, 0.09, 0.06], dtype=np.float32)

BEYOND = 1.3  # a place reaches so much farther than its landmarks
SMALLEST_MOUTH = (0.1, 0.08)
SMALLEST_EYE = (0.06, 0.05)  # when it is closed, what it hides counts too


def mouths(clip: Clip) -> Places:
    """Return where the mouth is in each frame (T, 4)."""
    return _around(clip, MOUTH, SMALLEST_MOUTH, USUAL_MOUTH)


def mouth_and_eyes(clip: Clip) -> NDArray[np.float32]:
    """Return where the mouth, the left and the right eye are in each frame (T, 3, 4)."""
    left = _around(clip, LEFT_EYE, SMALLEST_EYE, USUAL_LEFT_EYE)
    right = _around(clip, RIGHT_EYE, SMALLEST_EYE, USUAL_RIGHT_EYE)
    return np.stack([mouths(clip), left, right], axis=1)


def _around(clip: Clip, part: slice, smallest: tuple[float, float], usual: Places) -> Places:
    assert clip.frames is not None
    landmarks = clip.truth("landmarks")
    if landmarks is None:
        return np.tile(usual, (len(clip.frames), 1))
    height, width = clip.frames.read(0, 1)[0].shape[:2]
    points = landmarks[:, part, :2] / np.array([width, height])
    low, high = points.min(axis=1), points.max(axis=1)  # (T, 2)
    half = np.maximum(0.5 * BEYOND * (high - low), smallest)
    return np.concatenate([(low + high) / 2, half], axis=1).astype(np.float32)
