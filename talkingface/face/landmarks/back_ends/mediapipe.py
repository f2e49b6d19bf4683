"""MediaPipe's face mesh: 468 points with depth, or 478 with irises, of which 68 are ours.

The mesh has no 300-W points; each of the 68 is its nearest, and brows and jaw differ most from
those of the other back ends. Works up to version 0.10.21, the last that carries its networks.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Picture
from talkingface.errors import PluginError
from talkingface.face.landmarks.face import Box, Face

NAME = "mediapipe"
MOST_FACES = 5
# What it asks for by itself is a NumPy and a protobuf older than ours.
INSTALLATION = (
    "pip install 'protobuf>=6.31.1,<7' matplotlib absl-py attrs flatbuffers && "
    "pip install --no-deps mediapipe==0.10.21"
)

# fmt: off
MESH_OF_68 = np.array([
    127, 234, 93, 132, 58, 136, 150, 176, 152, 400, 379, 365, 288, 361, 323, 454, 356,  # jaw
    70, 63, 105, 66, 107,  336, 296, 334, 293, 300,  # brows
    168, 197, 5, 4,  98, 97, 2, 326, 327,  # nose: bridge, then nostrils
    33, 160, 158, 133, 153, 144,  362, 385, 387, 263, 373, 380,  # eyes
    61, 39, 37, 0, 267, 269, 291, 405, 314, 17, 84, 181,  # outer lips
    78, 82, 13, 312, 308, 317, 14, 87,  # inner lips
])
# fmt: on


@dataclass(frozen=True)
class MediaPipeFinder:
    """Finds faces with BlazeFace and their mesh."""

    mesh: Any
    name: str = NAME

    def find(self, picture: Picture) -> list[Face]:
        """Return the faces in `picture` (H, W, 3)."""
        found = self.mesh.process(np.ascontiguousarray(picture)).multi_face_landmarks or []
        height, width = picture.shape[:2]
        return [_face(one.landmark, width, height) for one in found]


def open_finder() -> MediaPipeFinder:
    """Return the finder with its networks loaded."""
    try:
        return MediaPipeFinder(open_mesh(static_image_mode=True, max_num_faces=MOST_FACES))
    except PluginError as error:
        raise PluginError(f"{error} Or choose 'dlib'.") from error


def open_mesh(**options: bool | int) -> Any:  # noqa: ANN401 - mediapipe has no types
    """Return MediaPipe's own object that finds meshes, with its networks loaded.

    Raises:
        PluginError: the package, or another that it needs, is not there.
    """
    try:
        from mediapipe.python.solutions import face_mesh

        return face_mesh.FaceMesh(**options)
    except (ImportError, AttributeError) as error:  # the latter beside a protobuf that is too new
        raise PluginError(
            f"'mediapipe' cannot start ({error}). Install what it needs with: {INSTALLATION}."
        ) from error


def _face(mesh: Any, width: int, height: int) -> Face:  # noqa: ANN401 - mediapipe has no types
    """Return a mesh in shares of the picture as 68 points in pixels; its depth grows away."""
    shares: NDArray[np.float32] = np.array([(p.x, p.y, p.z) for p in mesh], dtype=np.float32)
    points = shares[MESH_OF_68] * np.array([width, height, -width], dtype=np.float32)
    return Face(Box.around(points[:, :2]), points[:, :2], NAME, depth=points[:, 2])
