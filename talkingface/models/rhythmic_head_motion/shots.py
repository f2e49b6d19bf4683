"""Pictures cut out of a clip with the face in them, for training."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Clip, Frames, Picture
from talkingface.face.align.crop import RectangleCrop, points_in
from talkingface.face.align.cropped import CroppedFrames
from talkingface.face.align.head_and_shoulders import fixed_crop
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
        """Return what a clip shows: all of square frames, and of others head and shoulders.

        Raises:
            DataError: It lacks frames or sound, or shows no face.
        """
        check_usable(clip)
        assert clip.frames is not None
        frames, landmarks = clip.frames, landmarks_of(clip, back_end)[: len(clip.frames)]
        height, width = frames.read(0, 1).shape[1:3]
        rendered: Frames | PortraitMesh | None = clip.sources.get("ani")
        if height != width:
            crop = fixed_crop(landmarks[..., :2])
            frames, landmarks = (
                CroppedFrames(frames, [crop] * len(landmarks)),
                points_in(crop, landmarks),
            )
            width, rendered = crop.size, None
        motions = head_motions(landmarks)
        key = most_frontal(motions)
        (front,) = frontal(landmarks[key : key + 1], motions[key : key + 1])
        if rendered is None:
            rendered = PortraitMesh.of(frames.read(key, key + 1)[0], landmarks[key])
        return cls(frames, landmarks, motions, front, rendered, width)

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
