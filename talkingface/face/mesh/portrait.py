"""A portrait put over the mesh of a face, to be drawn in any pose and with any landmarks.

Every vertex shows what the portrait has where the vertex stood in it. So the mesh in the portrait's
own pose is the portrait, and no picture of the skin needs to be made up. What the portrait does not
show, as the far cheek of a turned head, is stretched from what it does.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Picture
from talkingface.face.mesh.canvas import Canvas, Surface
from talkingface.face.mesh.mouth import (
    SHUT,
    mouth_opening,
    mouth_triangles,
    mouth_vertices,
    with_lips_shut,
)
from talkingface.face.mesh.skin import skin_outline, skin_triangles, skin_weights
from talkingface.face.pose.rigid import frontal, head_motions, posed

Array = NDArray[np.float64]


@dataclass(frozen=True)
class PortraitMesh:
    """A face in space that looks like a portrait."""

    front: Array  # (68, 3) frontal landmarks of the portrait; lips that nearly touch, do
    motion: Array  # (6,) of the head in the portrait
    skin: Surface
    mouth: Surface

    @classmethod
    def of(cls, portrait: Picture, landmarks: NDArray[np.floating]) -> "PortraitMesh":
        """Return the mesh of a portrait (H, W, 3) with landmarks (68, 3) in its pixels."""
        motions = head_motions(landmarks[None])
        (front,) = frontal(landmarks[None], motions)
        if mouth_opening(front) < SHUT:
            front = with_lips_shut(front)
        skin, mouth = (posed(part[None], motions)[0, :, :2] for part in _vertices(front))
        return cls(
            front,
            motions[0],
            Surface(skin_triangles(), skin, portrait),
            Surface(mouth_triangles(), mouth, portrait),
        )

    def draw(self, canvas: Canvas, front: NDArray[np.floating], motion: Array) -> None:
        """Draw the face with frontal landmarks (68, 3), turned and shifted by a motion (6,)."""
        skin, mouth = self.posed_vertices(front, motion)
        canvas.draw(skin, self.skin)
        canvas.draw(mouth, self.mouth)

    def posed_vertices(self, front: NDArray[np.floating], motion: Array) -> tuple[Array, Array]:
        """Return the vertices (V, 3) of skin and mouth for such landmarks and such a motion."""
        skin, mouth = (posed(part[None], motion[None])[0] for part in _vertices(front))
        return skin, mouth

    def outline(self, front: NDArray[np.floating], motion: Array) -> Array:
        """Return where the face then ends in the picture, (M, 2), in order round it."""
        ends = skin_weights()[skin_outline()] @ front
        flat: Array = posed(ends[None], motion[None])[0, :, :2]
        return flat


def posed_faces(mesh: PortraitMesh, motions: Array, size: int) -> Iterator[Picture]:
    """Yield for each motion (T, 6) the face on black, (size, size, 3); its expression stays."""
    for motion in motions:
        canvas = Canvas(size, size)
        mesh.draw(canvas, mesh.front, motion)
        yield canvas.picture


def _vertices(front: NDArray[np.floating]) -> tuple[Array, Array]:
    """Return the vertices of skin and mouth (V, 3) for frontal landmarks (68, 3)."""
    return skin_weights() @ front, mouth_vertices(front)
