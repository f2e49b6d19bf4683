"""Pictures cut out of a clip with the face in them, for training."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Clip, Frames, Picture
from talkingface.errors import DataError
from talkingface.face.align.crop import RectangleCrop, points_in
from talkingface.face.mesh import Canvas, PortraitMesh
from talkingface.face.pose.rigid import frontal, head_motions, most_frontal, posed
from talkingface.models.rhythmic_head_motion.acting_examples import check_usable
from talkingface.models.rhythmic_head_motion.covering import cut_out
from talkingface.models.rhythmic_head_motion.drawing import hidden_regions
from talkingface.models.rhythmic_head_motion.rhythmic_config import Hidden
from talkingface.models.rhythmic_head_motion.seeing import landmarks_of

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Shot:
    """A square picture, and where a face is in it."""

    picture: Picture  # (S, S, 3)
    landmarks: Array  # (68, 3) in its pixels

    def covered(self, what: Hidden) -> "Shot":
        """Return it with some of its face black."""
        regions = hidden_regions(self.landmarks, len(self.picture), what)
        return replace(self, picture=np.where(regions[..., None], np.uint8(0), self.picture))


@dataclass(frozen=True)
class Footage:
    """A clip whose face is known in all frames, and can be rendered in the pose of each."""

    frames: Frames
    landmarks: Array  # (T, 68, 3) in pixels of the frames
    motions: Array  # (T, 6)
    front: Array  # (68, 3) frontal landmarks of the most frontal frame, which is rendered
    rendered: Frames | PortraitMesh  # in every pose already, or as a face in space
    side_px: int  # of the frames

    @classmethod
    def of(cls, clip: Clip, back_end: str) -> "Footage":
        """Return what a clip shows.

        Raises:
            DataError: It lacks frames or sound, is not square, or shows no face.
        """
        check_usable(clip)
        assert clip.frames is not None
        height, width = clip.frames.read(0, 1).shape[1:3]
        if height != width:
            raise DataError(
                f"{clip.name} shows {width} x {height} px, and this method learns from square "
                "pictures of head and shoulders. Prepare it first: "
                "preprocess --dataset=Rhythmic_Head_MotionDataset --input=VIDEOS."
            )
        landmarks = landmarks_of(clip, back_end)[: len(clip.frames)]
        motions = head_motions(landmarks)
        key = most_frontal(motions)
        (front,) = frontal(landmarks[key : key + 1], motions[key : key + 1])
        rendered: Frames | PortraitMesh | None = clip.sources.get("ani")
        if rendered is None:
            rendered = PortraitMesh.of(clip.frames.read(key, key + 1)[0], landmarks[key])
        return cls(clip.frames, landmarks, motions, front, rendered, width)

    def shot(self, frame: int, crop: RectangleCrop) -> Shot:
        """Return a frame through a crop."""
        picture = self.frames.read(frame, frame + 1)[0]
        return Shot(crop.cut(picture), points_in(crop, self.landmarks[frame]))

    def ani_landmarks(self, frame: int) -> Array:
        """Return the landmarks (68, 3) of the rendered face at a frame."""
        (points,) = posed(self.front[None], self.motions[frame : frame + 1])
        return np.asarray(points)

    def ani(self, frame: int) -> Picture:
        """Return the rendered face at a frame, in pixels of the frames."""
        if not isinstance(self.rendered, PortraitMesh):
            place = min(frame, len(self.rendered) - 1)
            return np.asarray(self.rendered.read(place, place + 1)[0])
        canvas = Canvas(self.side_px, self.side_px)
        self.rendered.draw(canvas, self.rendered.front, self.motions[frame])
        return canvas.picture


def bare(target: Shot, rendered: Picture) -> Shot:
    """Return a target that is black where the rendered face, cut like it, is."""
    return replace(target, picture=cut_out(target.picture, rendered))
