"""Who is to be seen: the references, and the face among them that acts."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from talkingface.clip import Clip, Picture
from talkingface.errors import DataError
from talkingface.face.align.crop import RectangleCrop, points_in
from talkingface.face.pose.rigid import head_motions, most_frontal
from talkingface.job import Job
from talkingface.models.rhythmic_head_motion.acting import Face
from talkingface.models.rhythmic_head_motion.placing import Placing
from talkingface.models.rhythmic_head_motion.references import most_open_mouths, repeated
from talkingface.models.rhythmic_head_motion.rhythmic_config import RhythmicSettings
from talkingface.models.rhythmic_head_motion.seeing import (
    KNOWN,
    check_frontal,
    head_view,
    landmarks_in,
    landmarks_of,
)

Array = NDArray[np.float64]

ALIGN = "Add --align, and --paste_back for the whole picture."
PREPARE = "Prepare it first: preprocess --dataset=Rhythmic_Head_MotionDataset --input=VIDEOS."

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reference:
    """A square picture of the person."""

    picture: Picture  # (S, S, 3)
    landmarks: Array  # (68, 3) in its pixels

    @property
    def size(self) -> int:
        """Side of the picture in pixels."""
        return len(self.picture)

    @property
    def motion(self) -> Array:
        """How its head is held, (6,)."""
        (motion,) = head_motions(self.landmarks[None])
        return np.asarray(motion)

    def at(self, size: int) -> "Reference":
        """Return it at another size."""
        if size == self.size:
            return self
        whole = RectangleCrop(0, 0, self.size, self.size, size)
        return Reference(bicubic(self.picture, size), points_in(whole, self.landmarks))


@dataclass(frozen=True)
class Sitter:
    """The person of a job, in pictures of the network's size."""

    references: Sequence[Reference]  # as many as the network takes
    key: Reference  # the most frontal one, which is rendered in every pose
    face: Face  # the first one, which acts
    placing: Placing  # of its head view in the network's pictures

    @classmethod
    def of(cls, job: Job, settings: RhythmicSettings) -> "Sitter":
        """Return the person whom a job shows.

        Raises:
            DataError: A reference is not square or shows no face, none is frontal enough, or their
                number does not fit the network.
        """
        sizes = settings.network
        given = references_of(job, settings)
        first = given[0]
        face = Face.seen(first.landmarks, head_view(job.subject, first.landmarks[None]))
        placing = Placing.of(face.view.matrix).resized(sizes.image_px / first.size)
        small = [one.at(sizes.image_px) for one in given]
        key = small[most_frontal(np.stack([one.motion for one in small]))]
        check_frontal(key.landmarks, f"the most frontal reference of {job.name}")
        if settings.head_motion == "still":
            small = [key]
        indices = repeated(range(len(small)), sizes.references)
        return cls([small[index] for index in indices], key, face, placing)

    @property
    def motions(self) -> Array:
        """How the head is held in each reference, (N, 6)."""
        return np.stack([one.motion for one in self.references])


def bicubic(picture: Picture, size: int) -> Picture:
    """Return a picture (S, S, 3) at another size, resized as for the published network."""
    if len(picture) == size:
        return picture
    resized = Image.fromarray(picture).resize((size, size), Image.Resampling.BICUBIC)
    return np.array(resized, dtype=np.uint8)


def references_of(job: Job, settings: RhythmicSettings) -> list[Reference]:
    """Return the references that a job has, each once, at the size that they are given in.

    Raises:
        DataError: One is not square, or shows no face; or the clip does not have it.
    """
    subject = job.subject
    if subject is not None and (KNOWN & set(subject.known) or settings.reference_frames != (0,)):
        return _of_clip(subject, settings)
    cure = ALIGN if subject is None else PREPARE
    most = settings.network.references
    if len(job.portraits) > most:
        logger.info("%s: the first %d of its portraits are references.", job.name, most)
    return [
        _reference(picture, None, settings, f"portrait {number} of {job.name}", cure)
        for number, picture in enumerate(job.portraits[:most], start=1)
    ]


def _of_clip(clip: Clip, settings: RhythmicSettings) -> list[Reference]:
    """Return the frames of a clip that the settings choose."""
    assert clip.frames is not None, "portraits are a clip's frames"
    choose_open = settings.reference_choice == "most_open"
    known = (
        landmarks_of(clip, settings.landmarks) if choose_open or KNOWN & set(clip.known) else None
    )
    if choose_open:
        assert known is not None, "mouths were just measured"
        frames = most_open_mouths(known, settings.network.references).tolist()
    else:
        frames = list(settings.reference_frames)
    beyond = [frame for frame in frames if frame >= len(clip.frames)]
    if beyond:
        raise DataError(
            f"{clip.name} has the frames 0 to {len(clip.frames) - 1}, and "
            f"model.reference_frames names {beyond[0]}. Name frames that it has."
        )
    return [
        _reference(
            clip.frames.read(frame, frame + 1)[0],
            None if known is None else known[frame],
            settings,
            f"frame {frame} of {clip.name}",
            PREPARE,
        )
        for frame in frames
    ]


def _reference(
    picture: Picture, landmarks: Array | None, settings: RhythmicSettings, where: str, cure: str
) -> Reference:
    height, width = picture.shape[:2]
    if height != width:
        raise DataError(
            f"The picture {where} is {width} x {height} px, and this method sees square pictures "
            f"of head and shoulders. {cure}"
        )
    if landmarks is None:
        landmarks = landmarks_in(picture, settings.landmarks, where)
    return Reference(picture, landmarks)
