"""Opens the files of a request: portraits, speech and the sources of controls."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from talkingface.clip import Clip, FrameArray, Frames, Picture
from talkingface.engine.framing import as_networks_see, warn_of_another_place
from talkingface.engine.requests import Request
from talkingface.errors import DataError, UsageError
from talkingface.face.align.crop import Crop
from talkingface.face.align.cropped import CroppedFrames
from talkingface.face.landmarks.finder import FaceFinder, open_finder
from talkingface.face.landmarks.track import find_face, landmark_track
from talkingface.face.paste import paste_back
from talkingface.job import Control, ControlName, Job
from talkingface.media.frames import open_frames
from talkingface.media.image import PICTURE_SUFFIXES, read_picture
from talkingface.media.sound import open_speech

CURE = "Add --align, and --paste_back for the whole picture."

NUM_ANGLES: Mapping[ControlName, int] = {"pose": 3, "gaze": 2}  # controls that numbers can give


@dataclass(frozen=True)
class Opened:
    """A job that is ready for a method, and the way back into the portrait."""

    job: Job
    portrait: Picture
    crop: Crop | None  # where the face was cut out of the portrait

    def pasted(self, faces: Iterable[Picture]) -> Iterator[Picture]:
        """Yield the whole portrait with each face in its place."""
        assert self.crop is not None
        for face in faces:
            yield paste_back(face, self.crop, self.portrait)


def open_request(
    request: Request, fps: Fraction, strength: Mapping[str, float], *, align: bool
) -> Opened:
    """Open what a request names. With `align`, faces are cut out as the papers' crops have them.

    Raises:
        DataError: A file cannot be used, or shows no face.
        UsageError: A control is given by numbers that it cannot be given by.
    """
    finder = open_finder() if align else None
    portraits = [picture for source in request.sources for picture in _portraits(Path(source))]
    crop = None
    first = portraits[0]
    if finder:
        crops = [_crop(one, finder, request.sources[0]) for one in portraits]
        portraits = [one.cut(picture) for one, picture in zip(crops, portraits, strict=True)]
        crop = crops[0]
    else:
        warn_of_another_place(first, request.sources[0], CURE)
    controls: dict[ControlName, Control] = {
        name: Control(_source(name, text, fps, finder), strength.get(name, 1.0))
        for name, text in request.controls.items()
    }
    job = Job(request.name, tuple(portraits), open_speech(request.audio), controls)
    return Opened(job, first, crop)


def _portraits(path: Path) -> list[Picture]:
    if not path.is_dir():
        return [read_picture(path)]
    pictures = sorted(one for one in path.iterdir() if one.suffix.lower() in PICTURE_SUFFIXES)
    if not pictures:
        raise DataError(f"The folder {path} holds no pictures. Give one picture or more.")
    return [read_picture(one) for one in pictures]


def _source(
    name: ControlName, text: str, fps: Fraction, finder: FaceFinder | None
) -> Clip | tuple[float, ...]:
    path = Path(text)
    if not path.exists():
        return _numbers(name, text)
    if path.suffix.lower() in PICTURE_SUFFIXES:
        frames: Frames = FrameArray(read_picture(path)[None], fps)
    else:
        frames = open_frames(path, fps)
    if finder:
        points = landmark_track(frames, finder, missing="hold", where=str(path)).points
        frames = CroppedFrames(frames, as_networks_see(points))
    return Clip(path.stem, frames)


def _numbers(name: ControlName, text: str) -> tuple[float, ...]:
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
    if len(angles) != wanted:
        raise UsageError(f"The control {name!r} takes {wanted} angles in degrees, not {text!r}.")
    return tuple(float(np.deg2rad(angle)) for angle in angles)


def _crop(picture: Picture, finder: FaceFinder, where: str) -> Crop:
    face = find_face(picture, finder, where=where)
    return as_networks_see(face.points[None])[0]
