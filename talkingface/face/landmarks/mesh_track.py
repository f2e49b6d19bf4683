"""The mesh of a face all through a video, by MediaPipe. Optional: it has its own installation."""

from typing import Any
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Picture
from talkingface.face.landmarks.back_ends.mediapipe import open_mesh

NUM_POINTS = 468
NUM_REFINED_POINTS = 478  # eyes and lips are found more exactly, and the irises too


class MeshTrack:
    """Follows one face from frame to frame.

    It is sought where it was last, so a mesh depends on the frames before: each video needs a track
    of its own, and its frames in order.

    Args:
        refined: whether eyes and lips are found by a network of their own.
    """

    def __init__(self, *, refined: bool) -> None:
        self._num_points = NUM_REFINED_POINTS if refined else NUM_POINTS
        self._mesh: Any = open_mesh(
            static_image_mode=False, max_num_faces=1, refine_landmarks=refined
        )
        finalize(self, self._mesh.close)  # else it keeps 27 MB for ever

    def read(self, frames: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return the mesh (T, N, 2) in the next frames (T, H, W, 3), in shares of width and height.

        It is nan where no face was found.
        """
        return np.stack([self._read(frame) for frame in frames])

    def _read(self, frame: Picture) -> NDArray[np.float64]:
        found = self._mesh.process(np.ascontiguousarray(frame)).multi_face_landmarks
        if not found:
            return np.full((self._num_points, 2), np.nan)
        return np.array([(point.x, point.y) for point in found[0].landmark], dtype=np.float64)
