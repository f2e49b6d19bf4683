"""Looks through a dataset before anyone trains on it: one row a clip, and a bad file is a row too.

Of each clip a few pictures are decoded, spread over its length, and the whole sound. Two clips with
the same pictures there and the same sound are doubles, in whatever kind of file they lie.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import get_args

import numpy as np

from talkingface.clip import Clip, Frames, Picture, Speech
from talkingface.config.settings import Split
from talkingface.data.base import Progress, TalkingFaceDataset
from talkingface.data.files import FileFrames, FileSpeech
from talkingface.data.processes import mapped
from talkingface.errors import DataError, TalkingFaceError
from talkingface.face.align.network_view import NetworkFrames
from talkingface.face.landmarks import FaceFinder, find_face, open_finder

SPEECH_RATE_HZ = 16000  # at which sound is compared

OffsetOf = Callable[[Frames, Speech], int | None]
"""Returns by how many frames the sound is late; None where it cannot be told."""


@dataclass(frozen=True)
class Examination:
    """How closely each clip is looked at."""

    pictures: int = 4  # in which a face is looked for
    back_end: str | None = "dlib"  # that looks for faces; None for nobody
    offset: OffsetOf | None = None  # the sync model; a function that other processes can be given


@dataclass(frozen=True)
class AuditRow:
    """What was found in one clip; None and empty text: not known."""

    split: str
    name: str
    identity: str = ""
    num_frames: int | None = None
    seconds: float | None = None
    fps: float | None = None  # of the file, whatever the dataset reads it at
    width: int | None = None
    height: int | None = None
    sound_seconds: float | None = None  # 0 where there is no sound
    pictures_seen: int | None = None
    faces_found: int | None = None  # in how many of the pictures seen
    offset_frames: int | None = None  # by how many the sound is late
    content: str = ""  # SHA-256 of the pictures seen and of the sound
    same_as: str = ""  # the first clip with this content, as split/name
    trouble: str = ""  # why the clip cannot be read to its end


def audit(
    dataset: TalkingFaceDataset,
    examination: Examination | None = None,
    *,
    splits: Sequence[Split] = get_args(Split),
    workers: int = 1,
    progress: Progress | None = None,
) -> Iterator[AuditRow]:
    """Yield a row for each clip of the splits, in their order; few are held at a time.

    Args:
        dataset: any, prepared.
        examination: how closely to look.
        splits: which; one that is empty is passed over.
        workers: processes that look at once.
        progress: called after each clip.

    Raises:
        DataError: there is no clip in any of the splits.
        PluginError: the back end for faces cannot be had.
    """
    examination = examination or Examination()
    if examination.back_end is not None:
        _finder(examination.back_end)  # complain before the work begins
    clips = _clips_by_split(dataset, splits)
    total = sum(map(len, clips.values()))
    first_with: dict[str, str] = {}
    done = 0
    for split, own in clips.items():
        look = partial(examine, split=split, examination=examination)
        killed = partial(_killed, split=split)
        for row in mapped(look, map(_without_truth, own), min(workers, len(own)), killed):
            own_name = f"{split}/{row.name}"
            first = first_with.setdefault(row.content, own_name) if row.content else own_name
            done += 1
            if progress is not None:
                progress(done, total)
            yield row if first == own_name else replace(row, same_as=first)


def examine(clip: Clip, split: str, examination: Examination) -> AuditRow:
    """Return what is found in a clip; never raises for what is wrong with it."""
    row = AuditRow(split, clip.name, clip.identity)
    try:
        digest = hashlib.sha256()
        if clip.frames is not None:
            row = _with_pictures(row, clip.frames, examination, digest.update)
        row = _with_sound(row, clip.speech, digest.update)
        if examination.offset is not None:
            row = _with_offset(row, clip, examination.offset)
    except (TalkingFaceError, OSError) as error:
        return replace(row, trouble=str(error))
    return replace(row, content=digest.hexdigest())


def _with_pictures(
    row: AuditRow, frames: Frames, examination: Examination, add: Callable[[bytes], None]
) -> AuditRow:
    stored = frames.aligned if isinstance(frames, NetworkFrames) else frames  # more than is shown
    own = stored.at_own_rate() if isinstance(stored, FileFrames) else stored
    fps, num_frames = float(own.fps), len(own)
    row = replace(row, num_frames=num_frames, fps=fps, seconds=num_frames / fps)
    wanted = min(examination.pictures, num_frames)
    faces = 0
    for index in np.linspace(0, num_frames - 1, wanted).round().astype(int).tolist():
        picture: Picture = own.read(index, index + 1)[0]
        row = replace(row, width=picture.shape[1], height=picture.shape[0])
        add(np.ascontiguousarray(picture).tobytes())
        faces += examination.back_end is not None and _has_face(
            picture, _finder(examination.back_end)
        )
    found = None if examination.back_end is None else faces
    return replace(row, pictures_seen=wanted, faces_found=found)


def _with_sound(row: AuditRow, speech: Speech | None, add: Callable[[bytes], None]) -> AuditRow:
    if speech is None or (isinstance(speech, FileSpeech) and not speech.has_track()):
        return replace(row, sound_seconds=0.0)
    waveform = speech.read(SPEECH_RATE_HZ)
    add(waveform.tobytes())
    return replace(row, sound_seconds=len(waveform) / SPEECH_RATE_HZ)


def _with_offset(row: AuditRow, clip: Clip, offset: OffsetOf) -> AuditRow:
    if clip.frames is None or clip.speech is None or not row.sound_seconds:
        return row
    return replace(row, offset_frames=offset(clip.frames, clip.speech))


def _has_face(picture: Picture, finder: FaceFinder) -> bool:
    try:
        find_face(picture, finder)
    except DataError:
        return False
    return True


@cache
def _finder(back_end: str) -> FaceFinder:
    """Return the back end, which each process opens once."""
    return open_finder(back_end)


def _clips_by_split(
    dataset: TalkingFaceDataset, splits: Sequence[Split]
) -> dict[Split, Sequence[Clip]]:
    clips: dict[Split, Sequence[Clip]] = {}
    nothing: DataError | None = None
    for split in splits:
        try:
            clips[split] = dataset.clips(split)
        except DataError as error:
            nothing = nothing or error
    if nothing is not None and not any(clips.values()):
        raise nothing
    return clips


def _without_truth(clip: Clip) -> Clip:
    """Return a clip that can be sent to another process: what it knows are functions."""
    return replace(clip, known={})


def _killed(clip: Clip, split: str) -> AuditRow:
    trouble = f"{clip.name} ended the process that read it. Copy or download it again."
    return AuditRow(split, clip.name, clip.identity, trouble=trouble)
