"""What a face does while it speaks: frontal landmarks and head motion of every frame.

Each comes from speech, by a network or by rules, or is that of somebody who is given: of a video,
of the authors' arrays, or of fixed angles.
"""

from dataclasses import dataclass
from typing import TypeGuard

import numpy as np
import torch
from numpy.typing import NDArray

from talkingface.clip import Clip
from talkingface.face.align.crop import Crop, points_in
from talkingface.face.pose.angles import rotations_of
from talkingface.face.pose.rigid import frontal, head_motions, posed
from talkingface.job import Job
from talkingface.models.rhythmic_head_motion.blinking import blinking
from talkingface.models.rhythmic_head_motion.config import ActingSettings
from talkingface.models.rhythmic_head_motion.head_motion import HeadMotion
from talkingface.models.rhythmic_head_motion.head_prediction import predicted_motions
from talkingface.models.rhythmic_head_motion.head_rules import swaying
from talkingface.models.rhythmic_head_motion.hearing import Heard
from talkingface.models.rhythmic_head_motion.lip_network import LipNetwork
from talkingface.models.rhythmic_head_motion.lip_rules import ruled_movements
from talkingface.models.rhythmic_head_motion.motion_series import SAMPLE_RATE_HZ
from talkingface.models.rhythmic_head_motion.placing import middles, motions_of
from talkingface.models.rhythmic_head_motion.resting import (
    at_rest,
    face_size,
    movements,
    spoken_fronts,
)
from talkingface.models.rhythmic_head_motion.seeing import fronts_seen, motions_seen

Array = NDArray[np.float64]

LIPS_AT_ONCE = 256  # frames whose lips are heard together


@dataclass(frozen=True)
class Face:
    """The face that acts, seen in a head view of 256 px."""

    landmarks: Array  # (68, 3)
    view: Crop  # that shows it so

    @classmethod
    def seen(cls, landmarks: NDArray[np.floating], view: Crop) -> "Face":
        """Return the face with landmarks (68, 3) in pixels of a picture."""
        return cls(points_in(view, landmarks), view)

    @property
    def motion(self) -> Array:
        """How its head is held, (6,)."""
        (motion,) = head_motions(self.landmarks[None])
        return np.asarray(motion)

    @property
    def front(self) -> Array:
        """Its landmarks, turned to the front."""
        (front,) = frontal(self.landmarks[None], self.motion[None])
        return np.asarray(front)


@dataclass(frozen=True)
class Acting:
    """What a face does in T frames, in pixels of a head view."""

    fronts: Array  # (T, 68, 3)
    motions: Array  # (T, 6)

    @property
    def landmarks(self) -> Array:
        """Landmarks in the pose of each frame, (T, 68, 3)."""
        return posed(self.fronts, self.motions)


class Actor:
    """Lets a face do what a job asks for.

    Args:
        lips: hears what lips do; None where rules say it.
        head: hears how the head moves; None where rules say it.
        settings: of the method.
    """

    def __init__(
        self, lips: LipNetwork | None, head: HeadMotion | None, settings: ActingSettings
    ) -> None:
        self._lips, self._head, self._settings = lips, head, settings

    def act(self, job: Job, face: Face, num_frames: int) -> Acting:
        """Return what the face does in so many frames.

        Raises:
            DataError: The speech is empty, or nothing can be seen of who is followed.
        """
        heard = Heard.of(job.speech.read(SAMPLE_RATE_HZ), num_frames)
        fronts = self._fronts(job, face, heard)
        return Acting(blinking(fronts, self._settings.blink_every), self._motions(job, face, heard))

    def _fronts(self, job: Job, face: Face, heard: Heard) -> Array:
        rest = at_rest(face.front[None])
        source = job.controls["lip"].source if "lip" in job.controls else None
        if isinstance(source, Clip):
            fronts = self._followed_fronts(source, job, face, rest)
            fronts = fronts[np.minimum(np.arange(heard.num_frames), len(fronts) - 1)]
        else:
            fronts = spoken_fronts(rest, self._spoken(heard))
        followed: Array = rest + job.strength("lip") * (fronts - rest)
        return followed

    def _followed_fronts(self, source: Clip, job: Job, face: Face, rest: Array) -> Array:
        """Return the frontal landmarks of a clip, or its movements given to another face."""
        if is_the_clip(source, job.subject):
            return fronts_seen(source, self._settings.landmarks, face.view)
        fronts = fronts_seen(source, self._settings.landmarks)
        moved: Array = rest + face_size(rest) * movements(fronts, at_rest(fronts))
        return moved

    @torch.no_grad()
    def _spoken(self, heard: Heard) -> Array:
        if self._lips is None:
            return ruled_movements(heard.mel, heard.num_frames)
        device = next(self._lips.parameters()).device
        frames = range(heard.num_frames)
        windows = torch.split(torch.from_numpy(heard.lip_windows(frames)), LIPS_AT_ONCE)
        moved = torch.cat([self._lips(part.to(device)) for part in windows])
        return np.asarray(moved.cpu().numpy(), dtype=np.float64)

    def _motions(self, job: Job, face: Face, heard: Heard) -> Array:
        source = job.controls["pose"].source if "pose" in job.controls else None
        if isinstance(source, Clip):
            view = face.view if is_the_clip(source, job.subject) else None
            motions = motions_seen(source, self._settings.landmarks, view)
            motions = motions[_to_and_fro(heard.num_frames, len(motions))]
        elif source is not None:
            motions = _held_at(face.motion, source, heard.num_frames)
        elif self._head is None:
            motions = swaying(face.motion, heard.waveform)
        else:
            sizes = self._settings.network
            motions = predicted_motions(
                self._head,
                face.motion,
                heard,
                sizes.head_hearing,
                sizes.head_history,
                sizes.head_future,
            )
        followed: Array = face.motion + job.strength("pose") * (motions - face.motion)
        return followed


def is_the_clip(source: object, subject: Clip | None) -> TypeGuard[Clip]:
    """Return whether who is followed is the clip that the portraits are of."""
    if subject is None or not isinstance(source, Clip) or not source.identity:
        return False
    return (source.identity, source.name) == (subject.identity, subject.name)


def _held_at(motion: NDArray[np.floating], angles: tuple[float, ...], num_frames: int) -> Array:
    """Return the motions of a head that is held at yaw, pitch and roll in radians."""
    to_front = rotations_of(np.array(angles)).T
    held = motions_of(to_front[None], middles(motion[None]))
    return held.repeat(num_frames, axis=0)


def _to_and_fro(num_frames: int, num_known: int) -> NDArray[np.intp]:
    """Return which known frame stands at each: to the end, back, and again.

    >>> _to_and_fro(8, 3).tolist()
    [0, 1, 2, 2, 1, 0, 0, 1]
    """
    turn, step = np.divmod(np.arange(num_frames), num_known)
    return np.where(turn % 2 == 0, step, num_known - 1 - step)
