"""Who drives a control, as users write it.

| written | who drives |
|---|---|
| ``nod.mp4``, ``frames/`` | all frames of a video or of a folder of numbered pictures |
| ``face.jpg`` | the picture |
| ``nod.npz`` | motion that the method has saved of a video |
| ``S_aligned.mp4`` | a video of Rhythmic head motion, with the arrays that lie beside it |
| ``S_aligned_rt.npy`` | such an array alone: head motion, landmarks, or frontal landmarks |
| ``nod.mp4@37`` | one frame of it, counted from 0 at the rate of the method |
| ``nod.mp4@20,0,-5`` | the frame whose head is nearest to this yaw, pitch and roll in degrees |
| ``20,0,-5`` | the angles themselves, for methods that take them |
"""

import logging
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from talkingface.clip import Clip, FrameArray, Frames
from talkingface.data.datasets.rhythmic import array_clip, clip_with_companions, has_companions
from talkingface.data.truth_file import known_in
from talkingface.errors import DataError, UsageError
from talkingface.face.align.cropped import CroppedFrames
from talkingface.face.align.view import View, view_crops
from talkingface.face.landmarks.finder import FaceFinder
from talkingface.face.landmarks.track import landmark_track
from talkingface.face.pose.angles import angle_between, rotations_of
from talkingface.face.pose.head_pose import head_pose
from talkingface.job import ControlName
from talkingface.media.frames import open_frames
from talkingface.media.image import PICTURE_SUFFIXES, read_picture

logger = logging.getLogger(__name__)

NUM_ANGLES: Mapping[ControlName, int] = {"pose": 3, "gaze": 2}  # controls that numbers can give
SAVED_SUFFIX = ".npz"
ARRAY_SUFFIX = ".npy"
MOMENT = "@"  # between a video and what is taken of it
NUM_LOOKS = 5  # frames in which a face is looked for


def open_driver(
    name: ControlName, text: str, fps: Fraction, finder: FaceFinder, cut_to: View | None = None
) -> Clip | tuple[float, ...]:
    """Return who drives a control, or the angles in radians.

    Args:
        name: the control.
        text: as the user wrote it.
        fps: pictures a second.
        finder: finds faces.
        cut_to: how the method knows faces, where they are cut out; None leaves pictures as they
            are.

    Raises:
        DataError: A file is missing or unusable, or shows no face.
        UsageError: The control cannot be given in this way.
    """
    path, moment = parted(text)
    if not Path(path).exists():
        return _angles(name, text)
    if Path(path).suffix.lower() == SAVED_SUFFIX:
        return Clip(Path(path).stem, known=known_in(Path(path)))
    if Path(path).suffix.lower() == ARRAY_SUFFIX:
        return array_clip(Path(path))
    frames = _open(Path(path), fps)
    if moment:
        frames = _moment(name, frames, moment, path, finder)
    clip = Clip(Path(path).stem)
    if has_companions(Path(path)) and not (moment or cut_to):
        clip = clip_with_companions(Path(path), Path(path).parent)
    return replace(clip, frames=watched(name, frames, finder, path, cut_to))


def parted(text: str) -> tuple[str, str]:
    """Return the file of a driver, and what is taken of it: nothing for all.

    >>> parted("nod.mp4@37"), parted("nod.mp4")
    (('nod.mp4', '37'), ('nod.mp4', ''))
    """
    path, _, moment = text.rpartition(MOMENT)
    return (path, moment) if path and not Path(text).exists() else (text, "")


def watched(
    name: ControlName, frames: Frames, finder: FaceFinder, where: str, cut_to: View | None
) -> Frames:
    """Return frames that drive a control, after a face was seen in them.

    Args:
        name: the control.
        frames: who drives it.
        finder: finds faces.
        where: what messages call the frames.
        cut_to: how the method knows faces, where they are cut out.

    Raises:
        DataError: There are no frames, or no face.
    """
    if cut_to:
        points = landmark_track(frames, finder, missing="hold", where=where).points
        return CroppedFrames(frames, view_crops(points, cut_to))
    if len(frames) == 0:
        raise DataError(f"{where} has no frames, so nobody drives the control {name!r}.")
    looks = np.unique(np.linspace(0, len(frames) - 1, NUM_LOOKS).round().astype(int)).tolist()
    if not any(finder.find(frames.read(look, look + 1)[0]) for look in looks):
        seen = f"any of {len(looks)} frames" if len(looks) > 1 else "its one frame"
        raise DataError(
            f"{where} shows no face in {seen}, so nobody drives the control {name!r}. "
            "Give one that shows an upright face."
        )
    return frames


def _open(path: Path, fps: Fraction) -> Frames:
    if path.suffix.lower() in PICTURE_SUFFIXES:
        return FrameArray(read_picture(path)[None], fps)
    return open_frames(path, fps)


def _moment(
    name: ControlName, frames: Frames, moment: str, where: str, finder: FaceFinder
) -> Frames:
    """Return the one frame that stands behind the mark."""
    if moment.isdecimal():
        index = int(moment)
        if index >= len(frames):
            raise DataError(
                f"{where} has the frames 0 to {len(frames) - 1}; there is no frame {index}."
            )
    elif name == "pose":
        index = nearest_frame(frames, _angles(name, moment), finder, where)
    else:
        raise UsageError(
            f"Behind {where}{MOMENT} stands the number of a frame, not {moment!r}; angles find a "
            "frame for the control 'pose' alone."
        )
    return FrameArray(frames.read(index, index + 1), frames.fps)


def nearest_frame(frames: Frames, angles: tuple[float, ...], finder: FaceFinder, where: str) -> int:
    """Return the frame whose head is nearest to yaw, pitch and roll in radians.

    Raises:
        DataError: There is no face in any frame.
    """
    poses = head_pose(landmark_track(frames, finder, missing="pass", where=where).points)
    if np.isnan(poses).any(axis=1).all():
        raise DataError(
            f"{where} shows no face in any of {len(frames)} frames, so no head is near to "
            "the angles. Give one that shows an upright face."
        )
    turns = angle_between(rotations_of(poses), rotations_of(np.array(angles)))
    nearest = int(np.nanargmin(turns))
    found = ", ".join(f"{angle:.0f}" for angle in np.rad2deg(poses[nearest]))
    logger.info("Frame %d of %s is nearest to the angles: %s degrees.", nearest, where, found)
    return nearest


def _angles(name: ControlName, text: str) -> tuple[float, ...]:
    """Return angles given in degrees as radians."""
    wanted = NUM_ANGLES.get(name)
    try:
        angles = [float(part) for part in text.split(",")]
    except ValueError:
        angles = []
    if not angles:
        raise DataError(f"There is no file {text} for the control {name!r}.")
    if wanted is None:
        raise UsageError(f"The control {name!r} takes a video or a picture, not numbers ({text}).")
    if len(angles) != wanted or not np.isfinite(angles).all():
        raise UsageError(f"The control {name!r} takes {wanted} angles in degrees, not {text!r}.")
    return tuple(float(np.deg2rad(angle)) for angle in angles)
