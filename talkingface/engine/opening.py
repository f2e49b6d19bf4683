"""Opens the files of a request: portraits, speech and who drives the controls."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from talkingface.clip import Clip, Picture, Speech
from talkingface.data.datasets.rhythmic import clip_with_companions, has_companions
from talkingface.engine.drivers import open_driver, watched
from talkingface.engine.framing import (
    face_finder,
    warn_of_another_place,
    warn_of_what_is_beyond,
)
from talkingface.engine.jobs import self_driven
from talkingface.engine.requests import Request
from talkingface.errors import DataError
from talkingface.face.align.crop import Crop
from talkingface.face.align.view import View, view_crops
from talkingface.face.landmarks.finder import FaceFinder
from talkingface.face.landmarks.track import find_face
from talkingface.face.paste import paste_back
from talkingface.job import Control, ControlName, Job
from talkingface.media.image import PICTURE_SUFFIXES, read_picture
from talkingface.media.sound import is_silent, open_speech

logger = logging.getLogger(__name__)

CURE = "Add --align, and --paste_back for the whole picture."


@dataclass(frozen=True)
class Opened:
    """A job that is ready for a method, and the way back into the portrait."""

    job: Job
    portrait: Picture | None = None
    crop: Crop | None = None  # where the face was cut out of the portrait

    def pasted(self, faces: Iterable[Picture]) -> Iterator[Picture]:
        """Yield the whole portrait with each face in its place."""
        assert self.crop is not None
        assert self.portrait is not None
        for face in faces:
            yield paste_back(face, self.crop, self.portrait)


def open_request(
    request: Request,
    fps: Fraction,
    strength: Mapping[str, float],
    *,
    align: bool,
    view: View = "face",
) -> Opened:
    """Open what a request names.

    Args:
        request: what is asked for.
        fps: pictures a second.
        strength: how strongly controls are followed.
        align: whether faces are cut out as the method knows them.
        view: how much of a picture the method sees.

    Raises:
        DataError: A file cannot be used, or shows no face.
        UsageError: A control is given by numbers that it cannot be given by.
    """
    finder = face_finder()
    job = _as_it_lies(request)
    drivers = dict(_drivers(request, fps, finder, view if align else None))
    controls = {name: Control(one, strength.get(name, 1.0)) for name, one in drivers.items()}
    if "lip" in strength:  # the lips follow the speech unasked
        controls.setdefault("lip", Control(None, strength["lip"]))
    job = replace(job, controls=controls)
    _warn_of_silence(job)
    if not job.portraits:
        return Opened(job)
    where = _called(request)
    whole = job.portraits[0]
    if not align:
        warn_of_another_place(whole, where, CURE, view)
        return Opened(job, whole)
    crops = [_crop(one, finder, where, view) for one in job.portraits]
    faces = [crop.cut(picture) for crop, picture in zip(crops, job.portraits, strict=True)]
    return Opened(replace(job, portraits=tuple(faces), subject=None), whole, crops[0])


def _as_it_lies(request: Request) -> Job:
    """Return the job without its controls, no picture changed."""
    if request.clip is not None:
        job = replace(self_driven(request.clip, ()), name=request.name)
        return job if request.has_portrait else replace(job, portraits=(), subject=None)
    sources = request.sources if request.has_portrait else ()
    speech = open_speech(request.audio) if isinstance(request.audio, str) else request.audio
    match sources:
        case (str(file),) if has_companions(Path(file)):
            return _of_video(request.name, Path(file), speech)
    portraits = [picture for source in sources for picture in _portraits(source)]
    return Job(request.name, tuple(portraits), speech)


def _warn_of_silence(job: Job) -> None:
    """Say so where lips would follow speech that nobody hears."""
    lips = job.controls.get("lip", Control())
    if lips.source is None and is_silent(job.speech):
        logger.warning("The speech of %s is silent, so its lips say nothing.", job.name)


def _called(request: Request) -> str:
    """Return what messages call the portraits."""
    files = [one for one in request.sources if isinstance(one, str)]
    return files[0] if files else f"the portrait of {request.name}"


def _of_video(name: str, video: Path, speech: Speech) -> Job:
    """Return the job of a video of Rhythmic head motion, whose frames can all be portraits."""
    clip = clip_with_companions(video, video.parent)
    assert clip.frames is not None, "it is a video"
    portrait = clip.frames.read(0, 1)[0]
    return Job(name, (portrait,), speech, subject=clip)


def _drivers(
    request: Request, fps: Fraction, finder: FaceFinder, cut_to: View | None
) -> Iterator[tuple[ControlName, Clip | tuple[float, ...]]]:
    """Yield who drives each control; a file that drives several is opened once."""
    opened: dict[str, Clip] = {}
    for name, given in request.controls.items():
        if isinstance(given, Clip):
            yield name, _watched(name, given, finder, cut_to)
        elif given in opened:
            yield name, opened[given]
        else:
            driver = open_driver(name, given, fps, finder, cut_to)
            if isinstance(driver, Clip):
                opened[given] = driver
            yield name, driver


def _portraits(source: str | Picture) -> list[Picture]:
    if not isinstance(source, str):
        return [source]
    path = Path(source)
    if not path.is_dir():
        return [read_picture(path)]
    pictures = sorted(one for one in path.iterdir() if one.suffix.lower() in PICTURE_SUFFIXES)
    if not pictures:
        raise DataError(f"The folder {path} holds no pictures. Give one picture or more.")
    return [read_picture(one) for one in pictures]


def _watched(name: ControlName, driver: Clip, finder: FaceFinder, cut_to: View | None) -> Clip:
    assert driver.frames is not None, "who drives a control has frames"
    frames = watched(name, driver.frames, finder, driver.name, cut_to)
    # What is known of the frames as they lie is not true of what is cut out of them.
    return Clip(driver.name, frames) if cut_to else replace(driver, frames=frames)


def _crop(picture: Picture, finder: FaceFinder, where: str, view: View) -> Crop:
    face = find_face(picture, finder, where=where)
    crop = view_crops(face.points[None], view)[0]
    warn_of_what_is_beyond(picture, crop, where)
    return crop
