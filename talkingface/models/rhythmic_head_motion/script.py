"""What is to be drawn in every frame: acting, carried into the pictures of the network."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Clip, Frames
from talkingface.face.pose.rigid import frontal, most_frontal
from talkingface.job import Job
from talkingface.models.rhythmic_head_motion.acting import Acting, is_the_clip
from talkingface.models.rhythmic_head_motion.rhythmic_config import RhythmicSettings
from talkingface.models.rhythmic_head_motion.seeing import fronts_seen, motions_seen
from talkingface.models.rhythmic_head_motion.sitting import Sitter

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Script:
    """What is to be drawn in T frames, in pixels of the network's pictures."""

    landmarks: Array  # (T, 68, 3)
    motions: Array  # (T, 6)
    ani_front: Array  # (68, 3) frontal landmarks of the rendered face
    ani_frames: Frames | None = None  # that face in every frame, where it is given


def script_of(job: Job, sitter: Sitter, acting: Acting, settings: RhythmicSettings) -> Script:
    """Return what is to be drawn of a job.

    Quirk, and meant: the rendered face keeps the expression of the picture that it was made from;
    only its pose is the target's.
    """
    if settings.head_motion == "still":
        acting = Acting(acting.fronts, np.zeros_like(acting.motions))
    key = sitter.key
    (ani_front,) = frontal(key.landmarks[None], key.motion[None])
    script = Script(
        sitter.placing.points(acting.landmarks), sitter.placing.motions(acting.motions), ani_front
    )
    given = _given_face(job) if settings.head_motion == "moving" else None
    if given is None:
        return script
    view, found = sitter.face.view, settings.landmarks
    frame = most_frontal(motions_seen(given, found, view))
    front = sitter.placing.fronts(fronts_seen(given, found, view)[frame])
    return replace(script, ani_front=front, ani_frames=given.sources["ani"])


def _given_face(job: Job) -> Clip | None:
    """Return the clip whose rendered face is given for the very frames that are to be drawn."""
    pose = job.controls.get("pose")
    source = None if pose is None or pose.strength != 1 else pose.source
    return source if is_the_clip(source, job.subject) and "ani" in source.sources else None
