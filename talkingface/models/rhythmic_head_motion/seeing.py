"""Landmarks of people in portraits and videos: known ones, or found in the pictures.

Where the authors' files give a clip's head motion, its landmarks are taken as they are, as theirs
are: in pixels of a head view. All others are seen through the crop that makes such a view of them.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Clip, Picture
from talkingface.errors import DataError
from talkingface.face.align.crop import Crop, RectangleCrop, points_in
from talkingface.face.align.head_and_shoulders import SIZE, fixed_crop
from talkingface.face.landmarks import FaceFinder, find_face, landmark_track, open_finder
from talkingface.face.pose.head_pose import with_depth
from talkingface.face.pose.rigid import frontal, head_motions
from talkingface.face.smoothing import smoothed
from talkingface.job import Job
from talkingface.models.rhythmic_head_motion.training_crop import usable_frames

Array = NDArray[np.float64]

AS_IT_IS = RectangleCrop(0, 0, SIZE, SIZE, SIZE)
KNOWN = frozenset({"landmarks_3d", "landmarks"})
FARTHEST_TURN = np.radians(50)
SMOOTHING = 5  # frames under a Hann window, as the authors smooth a video's landmarks


def landmarks_in(picture: Picture, back_end: str, where: str) -> Array:
    """Return the landmarks (68, 3) of the largest face in a picture, in its pixels.

    Raises:
        DataError: There is no usable face.
    """
    face = find_face(picture, _finder(back_end), where=where)
    if face.depth is None:
        return np.asarray(with_depth(face.points[None])[0])
    return np.column_stack([face.points, face.depth]).astype(np.float64)


def landmarks_of_portrait(job: Job, back_end: str) -> Array:
    """Return the landmarks (68, 3) of a job's first portrait, in its pixels.

    Raises:
        DataError: There is no usable face, or it is turned away too far.
    """
    subject = job.subject
    if subject is not None and KNOWN & set(subject.known):
        landmarks: Array = landmarks_of(subject, back_end)[0]  # portraits are its first frame
    else:
        landmarks = landmarks_in(job.portraits[0], back_end, f"the portrait of {job.name}")
    check_frontal(landmarks, f"the portrait of {job.name}")
    return landmarks


def check_frontal(landmarks: NDArray[np.floating], where: str) -> None:
    """Refuse a face (68, 3) of which a mesh would have to make up a half.

    Raises:
        DataError: It is turned away too far.
    """
    turn = float(np.linalg.norm(head_motions(landmarks[None])[0, :3]))
    if turn > FARTHEST_TURN:
        raise DataError(
            f"The face in {where} is turned by {np.degrees(turn):.0f} degrees, and a half that is "
            "not seen cannot be shown. Give a picture of it that looks into the camera, or is "
            f"turned by {np.degrees(FARTHEST_TURN):.0f} degrees at most."
        )


def landmarks_of(clip: Clip, back_end: str) -> Array:
    """Return the landmarks (T, 68, 3) of a clip in pixels of its frames.

    Where they mean nothing, those of the frame before stand.

    Raises:
        DataError: They are not known, and there are no frames to find them in.
    """
    points: NDArray[np.floating] | None = clip.truth("landmarks_3d")
    if points is None and (flat := clip.truth("landmarks")) is not None:
        points = with_depth(flat)
    if points is None and clip.frames is not None:
        finder = _finder(back_end)
        points = landmark_track(clip.frames, finder, missing="hold", where=clip.name).in_space()
    if points is None or not len(points):
        raise DataError(
            f"{clip.name} has neither landmarks nor frames to find them in. Give a video, or the "
            "arrays that `preprocess --dataset=Rhythmic_Head_MotionDataset --input=VIDEO` makes."
        )
    return _held(points.astype(np.float64))


def head_view(clip: Clip | None, landmarks: NDArray[np.floating]) -> Crop:
    """Return the crop that makes a head view of a clip with landmarks (T, 68, 3), or a portrait."""
    if clip is not None and "head_motion" in clip.known:
        return AS_IT_IS
    return fixed_crop(landmarks[..., :2])


def motions_seen(clip: Clip, back_end: str, view: Crop | None = None) -> Array:
    """Return the head motion (T, 6) of a clip in its own head view, or in another one.

    Raises:
        DataError: It is not known, and cannot be seen.
    """
    if (known := clip.truth("head_motion")) is not None:
        return known.astype(np.float64)
    landmarks = landmarks_of(clip, back_end)
    return head_motions(points_in(view or head_view(clip, landmarks), landmarks))


def fronts_seen(clip: Clip, back_end: str, view: Crop | None = None) -> Array:
    """Return the frontal landmarks (T, 68, 3) of a clip in its own head view, or in another one.

    Raises:
        DataError: They are not known, and cannot be seen.
    """
    known = clip.truth("frontal_landmarks")
    if known is not None and not KNOWN & set(clip.known):
        return known.astype(np.float64)
    landmarks = landmarks_of(clip, back_end)
    seen = points_in(view or head_view(clip, landmarks), landmarks)
    told = clip.truth("head_motion")
    motions = head_motions(seen) if told is None else told[: len(seen)].astype(np.float64)
    steady = np.concatenate([smoothed(seen[..., :2], SMOOTHING), seen[..., 2:]], axis=2)
    return frontal(steady[: len(motions)], motions)


@cache
def _finder(back_end: str) -> FaceFinder:
    """Load a back end once in each process: it takes a second."""
    return open_finder(back_end)


def _held(landmarks: Array) -> Array:
    """Return landmarks in which frames without an extent repeat the last one that has some."""
    usable = usable_frames(landmarks)
    if not usable.any():
        raise DataError("No frame has landmarks that lie apart. Prepare the clip again.")
    last = np.maximum.accumulate(np.where(usable, np.arange(len(usable)), -1))
    first = int(usable.argmax())
    held: Array = landmarks[np.where(last < 0, first, last)]
    return held
