"""Where the moving parts of a face are, as shares of the picture: they count more than the rest.

A place is (4,): its middle across and down, half its width and half its height.
"""

from dataclasses import dataclass

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
    return _seen(clip).around(MOUTH, SMALLEST_MOUTH, USUAL_MOUTH)


def mouth_and_eyes(clip: Clip) -> NDArray[np.float32]:
    """Return where the mouth, the left and the right eye are in each frame (T, 3, 4)."""
    seen = _seen(clip)
    return np.stack(
        [
            seen.around(MOUTH, SMALLEST_MOUTH, USUAL_MOUTH),
            seen.around(LEFT_EYE, SMALLEST_EYE, USUAL_LEFT_EYE),
            seen.around(RIGHT_EYE, SMALLEST_EYE, USUAL_RIGHT_EYE),
        ],
        axis=1,
    )


@dataclass(frozen=True)
class _Seen:
    """Where the landmarks of a clip are, which are asked for once: they may have to be computed."""

    num_frames: int
    landmarks: NDArray[np.float32] | None  # (T, 68, 2), as shares of the picture

    def around(self, part: slice, smallest: tuple[float, float], usual: Places) -> Places:
        if self.landmarks is None:
            return np.tile(usual, (self.num_frames, 1))
        points = self.landmarks[:, part]
        low, high = points.min(axis=1), points.max(axis=1)  # (T, 2)
        half = np.maximum(0.5 * BEYOND * (high - low), smallest)
        return np.concatenate([(low + high) / 2, half], axis=1).astype(np.float32)


def _seen(clip: Clip) -> _Seen:
    assert clip.frames is not None
    landmarks = clip.truth("landmarks")
    if landmarks is None:
        return _Seen(len(clip.frames), None)
    height, width = clip.frames.read(0, 1)[0].shape[:2]
    return _Seen(len(clip.frames), landmarks[..., :2] / np.array([width, height]))
