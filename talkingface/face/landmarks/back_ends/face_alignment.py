"""The face-alignment package, 2D: the landmarks that PC-AVS and most papers of the field use.

It downloads its weights when it is first used, so it needs them in its cache or a connection.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from talkingface.clip import Picture
from talkingface.errors import PluginError
from talkingface.face.landmarks.face import Box, Face

NAME = "face_alignment"


@dataclass(frozen=True)
class FaceAlignmentFinder:
    """Finds faces with S3FD and their points with FAN."""

    network: Any
    name: str = NAME

    def find(self, picture: Picture) -> list[Face]:
        """Return the faces in `picture` (H, W, 3)."""
        points, _, boxes = self.network.get_landmarks_from_image(picture, return_bboxes=True)
        faces = zip(points or [], boxes or [], strict=True)
        return [face_of(one, box, self.name) for one, box in faces]


def open_finder() -> FaceAlignmentFinder:
    """Return the finder of 2D points with its networks loaded."""
    return FaceAlignmentFinder(load_network("TWO_D"))


def load_network(kind: Literal["TWO_D", "THREE_D"]) -> Any:  # noqa: ANN401 - it has no types
    """Return the package's network for points of `kind`, on the GPU where there is one.

    Raises:
        PluginError: the package or its weights are not there.
    """
    try:
        import face_alignment
    except ImportError as error:
        raise PluginError(
            "This landmark back end needs the package face-alignment. "
            "Install it with: pip install 'face-alignment>=1.5', or choose 'dlib'."
        ) from error
    try:
        return face_alignment.FaceAlignment(
            face_alignment.LandmarksType[kind],
            device="cuda" if torch.cuda.is_available() else "cpu",
            compile=False,  # its compilation costs minutes before the first face
        )
    except OSError as error:  # what its downloader raises is a kind of OSError
        raise PluginError(
            f"The networks of face-alignment could not be loaded ({error}). "
            "Connect once so that it can fetch them, or choose 'dlib'."
        ) from error


def face_of(points: NDArray[np.floating], box: NDArray[np.floating], name: str) -> Face:
    """Return points (68, 2 or 3) and a box (left, top, right, bottom, score) as a face."""
    whole = points.astype(np.float32)
    depth = whole[:, 2] if whole.shape[1] == 3 else None
    return Face(Box(*box[:4].tolist()), whole[:, :2], name, depth)
