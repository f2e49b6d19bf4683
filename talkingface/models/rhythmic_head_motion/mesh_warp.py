"""Mesh_Warp as a method: a photograph speaks, without a network that draws.

Stages A to F of Rhythmic head motion alone (arXiv:2007.08547, figure 2): landmarks, what they do
while somebody speaks, and the portrait itself as the skin of a mesh that is posed and drawn, here
over the photograph that it comes from.
"""

import logging
from collections.abc import Iterator
from itertools import islice
from typing import ClassVar

import cv2
import numpy as np
from torch import Tensor

from talkingface.clip import Picture
from talkingface.face.align.view import View
from talkingface.face.mesh import Photograph
from talkingface.face.pose.angles import angles_of
from talkingface.job import Job
from talkingface.models.rhythmic_head_motion.acting import Face
from talkingface.models.rhythmic_head_motion.acting_model import ActingModel
from talkingface.models.rhythmic_head_motion.config import MeshWarpSettings
from talkingface.models.rhythmic_head_motion.placing import Placing, turns_to_front
from talkingface.models.rhythmic_head_motion.seeing import head_view, landmarks_of_portrait
from talkingface.models.rhythmic_head_motion.turning import farthest_turn, kept_near, most_turn
from talkingface.nn.pictures import to_frames

WINDOW = 8  # frames that are yielded together

logger = logging.getLogger(__name__)


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
        photograph = Photograph(picture, placing.points(face.landmarks))
        if "pose" in job.controls and job.controls["pose"].source is not None:
            _say_if_too_far(acting.motions, face.motion, job.name)
        motions = placing.motions(kept_near(acting.motions, face.motion))
        fronts = placing.fronts(acting.fronts)
        drawn = map(photograph.drawn, fronts, motions)
        for start in range(0, len(fronts), WINDOW):
            yield to_frames(np.stack(list(islice(drawn, min(WINDOW, len(fronts) - start)))))


def _say_if_too_far(motions: np.ndarray, own: np.ndarray, name: str) -> None:
    """Say that a photograph with motion `own` (6,) cannot show motions (T, 6) as asked."""
    asked, most = farthest_turn(motions, own), most_turn(own)
    if asked > most:
        logger.warning(
            "The head of %s would turn by %.0f degrees from where the photograph looks, which "
            "does not show its other side: it turns by %.0f at most. Angles are counted from the "
            "camera, and the photograph looks %.0f,%.0f,%.0f (yaw, pitch, roll). Ask for angles "
            "nearer to these, or choose a photograph that looks where the head shall look.",
            name,
            np.degrees(asked),
            np.degrees(most),
            *np.degrees(angles_of(np.swapaxes(turns_to_front(own[None]), 1, 2))[0]),
        )


def _shrunk(picture: Picture, longest_px: int) -> tuple[Picture, float]:
    """Return a picture whose longest side is so long at most, with even sides, and the factor."""
    factor = min(1.0, longest_px / max(picture.shape[:2]))
    if factor == 1:
        return picture, factor
    height, width = (round(side * factor) for side in picture.shape[:2])
    small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8), factor
