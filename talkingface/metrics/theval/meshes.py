"""The meshes that THEval's scripts read, each with its own habits.

| reading | frames | points | for |
|---|---|---|---|
| `mesh` | as they are | refined | brows |
| `mesh_of_square` | squeezed to 256 px | refined | how lips move, how they rest |
| `mesh_of_swapped` | red and blue swapped, by mistake | plain | lips and loudness |

The published program has one tracker for all videos, so that a score depends on the video before;
here each video has its own. Where lips rest it looks at silent frames alone; here a face is
followed through all of them.
"""

from functools import cached_property

import cv2
import numpy as np

from talkingface.errors import PluginError
from talkingface.face.landmarks.mesh_track import MeshTrack
from talkingface.metrics.base import Known, MetricUnavailableError, Pictures, Reading
from talkingface.metrics.theval.lip_dynamics import SIDE_PX
from talkingface.metrics.theval.mesh import MESH, MESH_OF_SQUARE, MESH_OF_SWAPPED

MESHES = tuple(points.reading for points in (MESH, MESH_OF_SQUARE, MESH_OF_SWAPPED))


class Meshes:
    """Reads the meshes of one video, window by window in order; nothing is sought unasked."""

    def __init__(self) -> None:
        self._plain, self._square = _Track(refined=True), _Track(refined=True)
        self._swapped = _Track(refined=False)

    def of(self, frames: Pictures) -> Known:
        """Return how the meshes of the next frames (T, H, W, 3) are read, by name."""
        return {
            MESH.reading: lambda: self._plain.read(frames),
            MESH_OF_SQUARE.reading: lambda: self._square.read(squeezed(frames)),
            MESH_OF_SWAPPED.reading: lambda: self._swapped.read(frames[..., ::-1]),
        }


def squeezed(frames: Pictures) -> Pictures:
    """Return frames (T, H, W, 3) as squares (T, 256, 256, 3)."""
    return np.stack([np.asarray(cv2.resize(one, (SIDE_PX, SIDE_PX))) for one in frames])


class _Track:
    """A track that is opened when it is first asked for."""

    def __init__(self, *, refined: bool) -> None:
        self._refined = refined

    def read(self, frames: Pictures) -> Reading:
        return self._opened.read(frames)

    @cached_property
    def _opened(self) -> MeshTrack:
        try:
            return MeshTrack(refined=self._refined)
        except PluginError as error:
            raise MetricUnavailableError(
                f"{error} The stand-in, by 68 points, is theval_68."
            ) from error
