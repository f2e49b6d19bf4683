"""Mesh_Warp as a method: a photograph speaks, without a network that draws.

Stages A to F of Rhythmic head motion alone (arXiv:2007.08547, figure 2): landmarks, what they do
while somebody speaks, and the portrait itself as the skin of a mesh that is posed and drawn, here
over the photograph that it comes from.
"""

from collections.abc import Iterator
from typing import ClassVar

import cv2
import numpy as np
from torch import Tensor

from talkingface.clip import Picture
from talkingface.face.align.view import View
from talkingface.face.mesh import Canvas, PortraitMesh, Surroundings
from talkingface.job import Job
from talkingface.models.rhythmic_head_motion.acting import Face
from talkingface.models.rhythmic_head_motion.acting_model import ActingModel
from talkingface.models.rhythmic_head_motion.config import MeshWarpSettings
from talkingface.models.rhythmic_head_motion.placing import Placing
from talkingface.models.rhythmic_head_motion.seeing import head_view, landmarks_of_portrait
from talkingface.nn.pictures import to_frames

WINDOW = 8  # frames that are yielded together


class MeshWarp(ActingModel):
    """Moves the face of a photograph within it."""

    view: ClassVar[View] = "whole"
    settings: MeshWarpSettings

    def generate(self, job: Job) -> Iterator[Tensor]:
        """Yield the portrait, (T, 3, H, W), whose face says the speech."""
        landmarks = landmarks_of_portrait(job, self.settings.landmarks)
        face = Face.seen(landmarks, head_view(job.subject, landmarks[None]))
        acting = self.actor.act(job, face, self.num_frames(job))
        picture, factor = _shrunk(job.portraits[0], self.settings.longest_px)
        placing = Placing.of(face.view.matrix).resized(factor)
        mesh = PortraitMesh.of(picture, placing.points(face.landmarks))
        surroundings = Surroundings(picture, mesh.outline(mesh.front, mesh.motion))
        fronts, motions = placing.fronts(acting.fronts), placing.motions(acting.motions)
        frames = zip(fronts, motions, strict=True)
        drawn = (_drawn(mesh, surroundings, front, motion) for front, motion in frames)
        for start in range(0, len(fronts), WINDOW):
            some = [next(drawn) for _ in range(start, min(start + WINDOW, len(fronts)))]
            yield to_frames(np.stack(some))


def _drawn(
    mesh: PortraitMesh,
    surroundings: Surroundings,
    front: np.ndarray,
    motion: np.ndarray,
) -> Picture:
    canvas = Canvas.on(surroundings.around(mesh.outline(front, motion)))
    mesh.draw(canvas, front, motion)
    return canvas.picture


def _shrunk(picture: Picture, longest_px: int) -> tuple[Picture, float]:
    """Return a picture whose longest side is so long at most, with even sides, and the factor."""
    factor = min(1.0, longest_px / max(picture.shape[:2]))
    if factor == 1:
        return picture, factor
    height, width = (round(side * factor) for side in picture.shape[:2])
    small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8), factor
