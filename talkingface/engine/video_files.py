"""Trials of files: videos that were made elsewhere, and lists of what is to be made.

A generated video is read at the rate of the real one, and found by its name without the suffix. It
is heard with its own sound.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from pathlib import Path

from talkingface.clip import Clip, Frames, Picture
from talkingface.config.settings import EvaluateSettings
from talkingface.data.clip_list import FPS as LIST_FPS
from talkingface.data.clip_list import ListedClip, read_clip_list
from talkingface.data.files import VIDEO_SUFFIXES, FileFrames, FileSpeech
from talkingface.data.layout import files_below
from talkingface.data.manifest import name_of
from talkingface.engine.jobs import self_driven
from talkingface.engine.lasting import FramesPart, LastingFrames, SpeechPart
from talkingface.engine.trials import COMPARED, MOVEMENT, Task, Trial
from talkingface.errors import DataError, UsageError
from talkingface.job import Control, ControlName
from talkingface.media.image import PICTURE_SUFFIXES, read_picture
from talkingface.media.timeline import exact_fps


@dataclass(frozen=True)
class FileTasks:
    """What is scored of two folders, or of a folder and a list."""

    tasks: list[Task]
    extra: list[str]  # generated videos that nothing is compared with


def tasks_of_files(settings: EvaluateSettings) -> FileTasks:
    """Return the tasks of videos that were made elsewhere.

    Raises:
        UsageError: It is not said what they are compared with.
        DataError: A folder is missing or holds no videos, or the list cannot be read.
    """
    assert settings.generated is not None, "there is a folder of generated videos"
    made = videos_in(Path(settings.generated))
    if settings.clip_list is not None:
        listed = read_clip_list(Path(settings.clip_list))
    elif settings.reference is not None:
        found = videos_in(Path(settings.reference))
        listed = [ListedClip(name, path) for name, path in sorted(found.items())]
    else:
        raise UsageError("Say what the videos are compared with: --reference=FOLDER.")
    fps = _rate(settings)
    tasks = [
        Task(one.name, partial(_made_trial, one, made.get(one.name), settings.generated, fps))
        for one in listed
    ]
    return FileTasks(tasks[: settings.limit], sorted(made.keys() - {one.name for one in listed}))


def tasks_of_list(settings: EvaluateSettings, controls: Collection[ControlName]) -> list[Task]:
    """Return the tasks of a list of what a method is to make.

    Raises:
        DataError: The list cannot be read.
    """
    assert settings.clip_list is not None, "there is a list"
    listed = read_clip_list(Path(settings.clip_list))
    fps = _rate(settings)
    return [
        Task(one.name, partial(_listed_trial, one, controls, fps, _other_sound(listed, index)))
        for index, one in enumerate(listed[: settings.limit])
    ]


def videos_in(folder: Path) -> Mapping[str, Path]:
    """Return the videos below a folder by name; a folder of numbered pictures is one too.

    Raises:
        DataError: there are none, or two of one name.
    """
    if not folder.is_dir():
        raise DataError(f"There is no folder {folder}. Give a folder of videos.")
    found: dict[str, Path] = {}
    for path in _videos(folder):
        inside = path.relative_to(folder)
        name = name_of(inside) if path.is_file() else "_".join(inside.parts)
        if found.setdefault(name, path) != path:
            raise DataError(f"{found[name]} and {path} have one name. Keep one of them.")
    if not found:
        raise DataError(f"{folder} holds no videos ({', '.join(VIDEO_SUFFIXES)}).")
    return found


def _videos(folder: Path) -> list[Path]:
    files = list(files_below(folder))
    videos = [path for path in files if path.suffix.lower() in VIDEO_SUFFIXES]
    of_pictures = {path.parent for path in files if path.suffix.lower() in PICTURE_SUFFIXES}
    return sorted({*videos, *(of_pictures - {folder})})


def _made_trial(listed: ListedClip, made: Path | None, folder: str, fps: Fraction | None) -> Trial:
    if made is None:
        raise DataError(f"{folder} has no video called {listed.name}.")
    own = _truth(listed, fps)
    assert own.frames is not None
    speech = FileSpeech((made,)) if made.is_file() else None
    if speech is not None and not speech.has_track():
        speech = None
    return Trial(
        own,
        dict.fromkeys(COMPARED, own),
        made=Clip(str(made.absolute()), FileFrames(made, own.frames.fps), speech),
        portrait=_portrait(listed, own),
    )


def _listed_trial(
    listed: ListedClip,
    controls: Collection[ControlName],
    fps: Fraction | None,
    other_sound: Path | None,
) -> Trial:
    own = _truth(listed, fps)
    portrait = _portrait(listed, own)
    references = dict.fromkeys(COMPARED, own)
    job = replace(self_driven(own, controls), portraits=(portrait,))
    if listed.pose not in (None, listed.truth) and "pose" in controls:
        assert listed.pose is not None
        assert own.frames is not None
        head = _part(listed, FileFrames(listed.pose, own.frames.fps))
        driver = Clip(f"{listed.name}_pose", LastingFrames(head, len(own.frames)))
        job = replace(job, controls={**job.controls, "pose": Control(driver)})
        references = {**dict.fromkeys(MOVEMENT, own), "pose": driver}
    other = FileSpeech((other_sound,)) if other_sound else None
    other_speech = SpeechPart(other, 0.0, job.speech.seconds) if other else None
    return Trial(own, references, job=job, portrait=portrait, other_speech=other_speech)


def _other_sound(listed: Sequence[ListedClip], index: int) -> Path | None:
    """Return the file that speaks in the next row with another one than the row at `index`."""
    sounds = [one.speech or one.truth for one in (*listed[index:], *listed[:index])]
    return next((sound for sound in sounds if sound != sounds[0]), None)


def _truth(listed: ListedClip, fps: Fraction | None) -> Clip:
    """Return the real clip of a row, the part that is meant, with the speech of the row."""
    frames = _part(listed, FileFrames(listed.truth, fps))
    sound = FileSpeech((listed.speech or listed.truth,))
    if listed.speech is None and (listed.truth.is_dir() or not sound.has_track()):
        return Clip(listed.name, frames)
    if listed.is_whole:
        return Clip(listed.name, frames, sound)
    seconds = float(len(frames) / frames.fps)
    return Clip(listed.name, frames, SpeechPart(sound, listed.start / LIST_FPS, seconds))


def _part(listed: ListedClip, frames: Frames) -> Frames:
    """Return the frames of a row, at the rate of the video."""
    if listed.is_whole:
        return frames
    start = round(listed.start * frames.fps / LIST_FPS)
    if listed.num_frames is None:
        return FramesPart(frames, start, len(frames))
    return FramesPart(frames, start, round(listed.num_frames * frames.fps / LIST_FPS))


def _portrait(listed: ListedClip, own: Clip) -> Picture:
    if listed.portrait is not None:
        return read_picture(listed.portrait)
    assert own.frames is not None
    first = own.frames.read(0, 1)
    if not len(first):
        raise DataError(f"{listed.truth} has no frames from frame {listed.start} on.")
    picture: Picture = first[0]
    return picture


def _rate(settings: EvaluateSettings) -> Fraction | None:
    return None if settings.fps is None else exact_fps(settings.fps)
