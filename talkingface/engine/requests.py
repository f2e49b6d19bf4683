"""What a user asks to be generated, as files: one request, or a list of them."""

import csv
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from talkingface.clip import Clip, Frames, Picture, Speech
from talkingface.config.settings import GenerateSettings
from talkingface.data.datasets.pc_avs_list import clips_in
from talkingface.data.datasets.places import Places
from talkingface.data.datasets.rhythmic import Companions, clip_with_companions, listed_videos
from talkingface.engine.drivers import ARRAY_SUFFIX, MOMENT, parted
from talkingface.engine.jobs import driver_of
from talkingface.errors import DataError, UsageError, did_you_mean
from talkingface.face.align.network_view import NetworkFrames
from talkingface.job import CONTROL_NAMES, ControlName

NAME_KEYS = frozenset({"name", "source", "audio", "out", "eye", *CONTROL_NAMES})


@dataclass(frozen=True)
class Request:
    """One video that is asked for."""

    name: str
    out: Path
    sources: tuple[str | Picture, ...] = ()  # files, folders, or pictures that are in memory
    audio: str | Speech = ""
    controls: Mapping[ControlName, str | Clip] = field(default_factory=dict)
    clip: Clip | None = None  # in place of sources and audio, where a list names whole clips
    has_portrait: bool = True  # else sources, and portraits of the clip, are left alone
    with_panels: bool = False  # whether what is shown beside the video is kept too
    fault: str = ""  # why this row of a list cannot be made


def requests_of(
    settings: GenerateSettings, folder: Path, *, needs_portrait: bool = True
) -> list[Request]:
    """Return what is asked for; `folder` takes the videos that have no place of their own.

    Raises:
        UsageError: Something that is needed is not given.
        DataError: The list of jobs cannot be read.
    """
    needed = ("source", "audio") if needs_portrait else ("audio",)
    _check_names(settings.strength)
    if settings.jobs:
        if settings.source or settings.audio:
            raise UsageError("Give one job with --source and --audio, or a list with --jobs.")
        asked = _of_list(Path(settings.jobs), settings, folder, needed)
    else:
        asked = [_of_one(settings, folder, needed)]
    return [replace(one, has_portrait=needs_portrait) for one in asked]


def _of_one(settings: GenerateSettings, folder: Path, needed: Sequence[str]) -> Request:
    if "source" in needed and not settings.source:
        raise UsageError("Give a portrait with --source face.jpg, or a list with --jobs FILE.")
    if not settings.audio:
        raise UsageError("Give the speech with --audio speech.wav; a video with sound will do.")
    named_after = Path(settings.source[0] if "source" in needed else settings.audio)
    out = Path(settings.out) if settings.out else folder / f"{named_after.stem}.mp4"
    if out.suffix.lower() != ".mp4":
        raise UsageError(f"--out={out} is no mp4 file. Write a name that ends in .mp4.")
    controls = _controls(settings)
    check_strengths(settings.strength, controls)
    panels = bool(settings.panels)
    return Request(out.stem, out, settings.source, settings.audio, controls, with_panels=panels)


def check_strengths(strength: Mapping[str, float], controls: Collection[str]) -> None:
    """Refuse strengths of what is no control, or is given nobody to follow.

    Raises:
        UsageError: It says which.
    """
    _check_names(strength)
    for name in strength.keys() - set(controls) - {"lip"}:
        raise UsageError(
            f"--strength.{name} says how far to follow, but not whom. Give --{name} a video too."
        )


def _check_names(strength: Mapping[str, float]) -> None:
    for name in strength:
        if name not in CONTROL_NAMES:
            raise UsageError(
                f"--strength.{name} names no control.{did_you_mean(name, CONTROL_NAMES)} "
                f"Known: {', '.join(CONTROL_NAMES)}."
            )


def _of_list(
    path: Path, settings: GenerateSettings, folder: Path, needed: Sequence[str]
) -> list[Request]:
    folder = Path(settings.out) if settings.out else folder
    if path.suffix.lower() == ARRAY_SUFFIX:
        asked = _of_rhythmic(path, settings, folder)
    else:
        asked = _of_text(path, settings, folder, needed)
    doubles = {str(one.out) for one in asked if sum(one.out == two.out for two in asked) > 1}
    if doubles:
        raise DataError(f"{path}: several jobs write {min(doubles)}. Give each a name of its own.")
    if not asked:
        raise DataError(
            f"The list {path} has no jobs. Write one a line below the names of columns."
        )
    return asked


def _of_text(
    path: Path, settings: GenerateSettings, folder: Path, needed: Sequence[str]
) -> list[Request]:
    lines = _lines(path)
    if path.suffix.lower() != ".jsonl" and "," not in lines[0]:
        return _of_pc_avs(path, settings, folder)
    return _of_rows(path, _rows(path, lines), settings, folder, needed)


def _of_rows(
    path: Path,
    rows: Iterator[Mapping[str, Any]],
    settings: GenerateSettings,
    folder: Path,
    needed: Sequence[str],
) -> list[Request]:
    asked: list[Request] = []
    for row in rows:
        given = {key: value for key, value in row.items() if value not in (None, "")}
        number = f"job-{len(asked) + 1:04d}"
        name = str(given.pop("name", Path(given["out"]).stem if "out" in given else number))
        out = folder / str(given.pop("out", f"{name}.mp4"))
        own = replace(settings, jobs=None, out=None, **given)
        missing = [key for key in needed if not getattr(own, key)]
        fault = f"{path}: the job {name} has no {' and no '.join(missing)}." if missing else ""
        sources = tuple(_found(one, path) for one in own.source)
        controls = {key: _found(one, path) for key, one in _controls(own).items()}
        audio, panels = _found(str(own.audio), path), bool(own.panels)
        asked.append(Request(name, out, sources, audio, controls, with_panels=panels, fault=fault))
    return asked


def _of_pc_avs(path: Path, settings: GenerateSettings, folder: Path) -> list[Request]:
    """Return the requests of a list of PC-AVS: of its aligned files, what its networks see."""
    shown = _whole if settings.align else NetworkFrames
    return [
        Request(
            clip.name,
            folder / f"{clip.name}.mp4",
            controls={**_controls(settings), "pose": driver_of(clip, "pose")},
            clip=clip,
            with_panels=settings.panels is not False,
        )
        for clip in clips_in(path, Places(path.parent), shown)
    ]


def _of_rhythmic(path: Path, settings: GenerateSettings, folder: Path) -> list[Request]:
    """Return the requests of a list of Rhythmic head motion: each video by its own landmarks."""
    return [_of_video(video, path, settings, folder) for video in listed_videos(path)]


def _of_video(video: Path, path: Path, settings: GenerateSettings, folder: Path) -> Request:
    clip = clip_with_companions(video, path.parent)
    out, missing = folder / f"{clip.name}.mp4", Companions.of(video).missing()
    if missing or not video.is_file():
        names = ", ".join(str(one) for one in (missing if video.is_file() else [video]))
        fault = (
            f"{path}: {names} missing. `preprocess --dataset=Rhythmic_Head_MotionDataset "
            "--input=VIDEOS` makes such files."
        )
        return Request(clip.name, out, fault=fault)
    controls: dict[ControlName, str | Clip] = {"lip": clip, "pose": clip}
    return Request(
        clip.name,
        out,
        controls={**controls, **_controls(settings)},
        clip=clip,
        with_panels=settings.panels is not False,
    )


def _whole(frames: Frames) -> Frames:
    return frames


def _found(written: str, listed_in: Path) -> str:
    """Return a path as it is written, or from the folder of the list where it is only there."""
    file, moment = parted(written)
    beside = listed_in.parent / file
    if Path(file).exists() or not beside.exists():
        return written
    return f"{beside}{MOMENT}{moment}" if moment else str(beside)


def _controls(settings: GenerateSettings) -> dict[ControlName, str]:
    controls: dict[ControlName, str] = {}
    if settings.eye:
        controls |= {"blink": settings.eye, "gaze": settings.eye}
    for name in CONTROL_NAMES:
        if given := getattr(settings, name):
            controls[name] = given
    return controls


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"The list of jobs {path} cannot be read: {error}.") from error
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise DataError(f"The list of jobs {path} is empty.")
    return lines


def _rows(path: Path, lines: list[str]) -> Iterator[dict[str, Any]]:
    """Yield the jobs of a list as keys of `GenerateSettings`, and ``name``."""
    if path.suffix.lower() == ".jsonl":
        for number, line in enumerate(lines, start=1):
            yield _typed(path, number, _json(path, number, line))
    else:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            yield _typed(path, number, row)


def _json(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise DataError(f"{path}:{number}: this is no JSON: {error}.") from error
    if not isinstance(row, dict):
        raise DataError(f'{path}:{number}: a job is written {{"source": ..., "audio": ...}}.')
    return row


def _typed(path: Path, number: int, row: Mapping[Any, Any]) -> dict[str, Any]:
    known = {one.name for one in fields(GenerateSettings)} & NAME_KEYS | {"name"}
    if None in row:  # as Python's reader calls cells beyond the named columns
        raise DataError(f"{path}:{number}: more values than columns. Quote those with commas.")
    for key in row:
        if key not in known:
            hint = did_you_mean(str(key), known)
            raise DataError(f"{path}:{number}: unknown key {key!r}.{hint}")
    typed = dict(row)
    source = typed.get("source")
    if isinstance(source, str):
        typed["source"] = tuple(source.split("|"))
    elif isinstance(source, list):
        typed["source"] = tuple(str(one) for one in source)
    return typed
