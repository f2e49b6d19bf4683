"""Whom each factor of a face follows, and how strongly: from a job to a motion for every frame."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from talkingface.clip import Clip
from talkingface.errors import DataError, UsageError
from talkingface.job import CONTROL_NAMES, Control, ControlName, Job
from talkingface.models.pd_fgc.config import PDFGCSettings, PDFGCSizes, Switch
from talkingface.models.pd_fgc.courses import Blended, Course, Fixed, Heard, Seen, Steadied
from talkingface.models.pd_fgc.factors import code_of_angles, motion_width, places
from talkingface.models.pd_fgc.reading import MotionReader, driver_of
from talkingface.models.pd_fgc.timing import Schedule

SWITCHES: Mapping[ControlName, Switch] = {
    "lip": "mouth",
    "pose": "headpose",
    "blink": "blink",
    "gaze": "gaze",
    "emotion": "emo",
}
NUM_ANGLES: Mapping[ControlName, int] = {"pose": 3, "gaze": 2}
Named = Iterator[tuple[ControlName, Course]]


class Director:
    """Says what the face of a job does at each frame of its video.

    Args:
        reader: sees what drivers do.
        heard: the lips that the speech has.
        settings: of the method.
        job: whom to follow.
        schedule: which of a driver's pictures each frame has.
    """

    def __init__(
        self,
        reader: MotionReader,
        heard: Heard,
        settings: PDFGCSettings,
        job: Job,
        schedule: Schedule,
    ) -> None:
        self._reader = reader
        self._settings = settings
        self._schedule = schedule
        self._places = places(settings.network.lip_width, settings.network.emotion_width)
        self._rest = self._resting(job)
        self._pictures: list[Callable[[range], NDArray[np.intp]]] = []  # of each clip
        followed = dict(followed_controls(job, settings.switches))
        courses: dict[ControlName, Course] = {"lip": heard}
        courses |= dict(self._fixed(followed)) | dict(self._seen(followed))
        self._courses = {
            name: Blended(courses[name], self._rest[:, self._places[name]], one.strength)
            for name, one in followed.items()
        }

    def motion(self, frames: range) -> Tensor:
        """Return the motion at `frames` of the video, (T, M)."""
        motion = self._rest.repeat(len(frames), 1)
        for name, course in self._courses.items():
            motion[:, self._places[name]] = course(frames)
        return motion

    def moment(self, frame: int) -> tuple[int, ...]:
        """Return which pictures a frame follows: frames of one moment move alike, but for lips."""
        around = range(max(0, frame - 1), frame + 2)  # poses are averaged with their neighbours
        return tuple(int(one) for pictures in self._pictures for one in pictures(around))

    def _resting(self, job: Job) -> Tensor:
        """Return the motion (1, M) of a face that follows nobody."""
        if self._settings.rest == "portrait":
            return self._reader.read(job.portraits[:1])
        sizes = self._settings.network
        width = motion_width(sizes.lip_width, sizes.emotion_width)
        return torch.zeros(1, width, device=self._reader.device)

    def _fixed(self, followed: Mapping[ControlName, Control]) -> Named:
        """Yield the course of each factor that is given in numbers."""
        for name, one in followed.items():
            if isinstance(one.source, tuple):
                check_angles(name, one.source, angle_codes=self._settings.network.angle_codes)
                code = code_of_angles(one.source, len(self._places[name]))
                yield name, Fixed(code.to(self._reader.device))

    def _seen(self, followed: Mapping[ControlName, Control]) -> Named:
        """Yield the course of each factor that follows a clip."""
        clips = {name: one.source for name, one in followed.items() if isinstance(one.source, Clip)}
        for names in alike(clips):
            yield from self._seen_in(clips[names[0]], names)

    def _seen_in(self, clip: Clip, names: Sequence[ControlName]) -> Named:
        """Yield the course of each of the factors that follow one clip, which is read once."""
        schedule = self._schedule
        columns = [column for name in names for column in self._places[name]]
        driver = driver_of(self._reader, clip, columns, schedule.lead + schedule.num_frames)
        short = self._settings.short_driver
        pictures = partial(schedule.pictures, num_pictures=len(driver), short=short)
        self._pictures.append(pictures)
        start = 0
        for name in names:
            stop = start + len(self._places[name])
            seen = Seen(driver, slice(start, stop), pictures, gain(name, self._settings.network))
            yield name, Steadied(seen, schedule.num_frames) if name == "pose" else seen
            start = stop


def followed_controls(
    job: Job, switches: Sequence[Switch]
) -> Iterator[tuple[ControlName, Control]]:
    """Yield the controls of a job that are switched on; lips follow the speech unasked.

    Raises:
        UsageError: A switch is on by name, and its factor has nobody to follow.
        DataError: Another factor than the lips is to follow the speech.
    """
    for name in CONTROL_NAMES:
        switch = SWITCHES[name]
        control = job.controls.get(name, Control() if name == "lip" else None)
        if switch not in switches and (control is None or "all" not in switches):
            continue
        if control is None:
            raise UsageError(
                f"The switch {switch!r} is on, and {job.name} has nobody to follow. "
                f"Give --{name} a video or a picture, or leave the switch out."
            )
        if control.source is None and name != "lip":
            raise DataError(
                f"Speech moves nothing but the lips, so it is no source of {name} for {job.name}. "
                "Give a video or a picture."
            )
        yield name, control


def alike(clips: Mapping[ControlName, Clip]) -> list[list[ControlName]]:
    """Return the controls in groups that follow the same pictures."""
    groups: dict[int, list[ControlName]] = defaultdict(list)
    for name, clip in clips.items():
        groups[id(clip if clip.frames is None else clip.frames)].append(name)
    return list(groups.values())


def gain(name: ControlName, sizes: PDFGCSizes) -> float:
    """Return how far a factor follows what is seen; what is heard has a gain of its own."""
    if name == "emotion":
        return sizes.emotion_gain
    return sizes.eye_gain if name in ("blink", "gaze") else 1.0


def check_angles(name: ControlName, angles: tuple[float, ...], *, angle_codes: bool) -> None:
    """Refuse numbers that cannot be made a code.

    Raises:
        UsageError: The control takes no numbers, or others, or nobody knows what its codes mean.
    """
    wanted = NUM_ANGLES.get(name)
    if wanted is None:
        raise UsageError(f"The control {name!r} takes a video or a picture, not numbers.")
    if len(angles) != wanted:
        raise UsageError(f"The control {name!r} takes {wanted} angles, not {len(angles)}.")
    if not angle_codes:
        raise UsageError(
            f"Nobody knows how these weights write the angles of {name}. Give --{name} a picture "
            "that shows them, or use weights that were trained here."
        )
