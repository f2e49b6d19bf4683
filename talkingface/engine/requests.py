"""What a user asks to be generated, as files: one request, or a list of them."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from talkingface.config.settings import GenerateSettings
from talkingface.data.metadata import Row, read_rows
from talkingface.errors import DataError, UsageError, did_you_mean
from talkingface.job import CONTROL_NAMES, ControlName

NAME_KEYS = frozenset({"name", "source", "audio", "out", "eye", *CONTROL_NAMES})


@dataclass(frozen=True)
class Request:
    """One video that is asked for."""

    name: str
    sources: tuple[str, ...]
    audio: str
    controls: Mapping[ControlName, str]  # what each control follows, as written
    out: Path
    fault: str = ""  # why this row of a list cannot be made


def requests_of(settings: GenerateSettings, folder: Path) -> list[Request]:
    """Return what is asked for; `folder` takes the videos that have no place of their own.

    Raises:
        UsageError: Something that is needed is not given.
        DataError: The list of jobs cannot be read.
    """
    _check_names(settings.strength)
    if settings.jobs:
        if settings.source or settings.audio:
            raise UsageError("Give one job with --source and --audio, or a list with --jobs.")
        return _of_list(Path(settings.jobs), settings, folder)
    if not settings.source:
        raise UsageError("Give a portrait with --source face.jpg, or a list with --jobs FILE.")
    if not settings.audio:
        raise UsageError("Give the speech with --audio speech.wav; a video with sound will do.")
    out = Path(settings.out) if settings.out else folder / f"{Path(settings.source[0]).stem}.mp4"
    if out.suffix.lower() != ".mp4":
        raise UsageError(f"--out={out} is no mp4 file. Write a name that ends in .mp4.")
    controls = _controls(settings)
    for name in settings.strength.keys() - controls.keys() - {"lip"}:
        raise UsageError(
            f"--strength.{name} says how far to follow, but not whom. Give --{name} a video too."
        )
    return [Request(out.stem, settings.source, settings.audio, controls, out)]


def _check_names(strength: Mapping[str, float]) -> None:
    for name in strength:
        if name not in CONTROL_NAMES:
            raise UsageError(
                f"--strength.{name} names no control.{did_you_mean(name, CONTROL_NAMES)} "
                f"Known: {', '.join(CONTROL_NAMES)}."
            )


def _of_list(path: Path, settings: GenerateSettings, folder: Path) -> list[Request]:
    folder = Path(settings.out) if settings.out else folder
    asked: list[Request] = []
    for row in _rows(path):
        given = {key: value for key, value in row.items() if value not in (None, "")}
        number = f"job-{len(asked) + 1:04d}"
        name = str(given.pop("name", Path(given["out"]).stem if "out" in given else number))
        out = folder / str(given.pop("out", f"{name}.mp4"))
        own = replace(settings, jobs=None, out=None, **given)
        missing = [key for key in ("source", "audio") if not getattr(own, key)]
        fault = f"{path}: the job {name} has no {' and no '.join(missing)}." if missing else ""
        sources = tuple(_found(one, path) for one in own.source)
        controls = {key: _found(one, path) for key, one in _controls(own).items()}
        asked.append(Request(name, sources, _found(str(own.audio), path), controls, out, fault))
    doubles = {str(one.out) for one in asked if sum(one.out == two.out for two in asked) > 1}
    if doubles:
        raise DataError(f"{path}: several jobs write {min(doubles)}. Give each a name of its own.")
    if not asked:
        raise DataError(
            f"The list {path} has no jobs. Write one a line below the names of columns."
        )
    return asked


def _found(written: str, listed_in: Path) -> str:
    """Return a path as it is written, or from the folder of the list where it is only there."""
    beside = listed_in.parent / written
    return str(beside) if not Path(written).exists() and beside.exists() else written


def _controls(settings: GenerateSettings) -> dict[ControlName, str]:
    controls: dict[ControlName, str] = {}
    if settings.eye:
        controls |= {"blink": settings.eye, "gaze": settings.eye}
    for name in CONTROL_NAMES:
        if given := getattr(settings, name):
            controls[name] = given
    return controls


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the jobs of a list as keys of `GenerateSettings`, and ``name``."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"The list of jobs {path} cannot be read: {error}.") from error
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise DataError(f"The list of jobs {path} is empty.")
    if path.suffix.lower() == ".jsonl":
        yield from (
            _typed(path, number, _json(path, number, line)) for number, line in _numbered(lines)
        )
    elif "," in lines[0]:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            yield _typed(path, number, row)
    else:
        yield from map(_of_pc_avs, read_rows(path))


def _numbered(lines: list[str]) -> Iterator[tuple[int, str]]:
    return enumerate(lines, start=1)


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


def _of_pc_avs(row: Row) -> dict[str, Any]:
    name = f"id_{Path(row.reference).name}_pose_{Path(row.pose).name}_audio_{Path(row.audio).stem}"
    job: dict[str, Any] = {"name": name, "source": (row.reference,), "audio": row.audio}
    return {**job, "pose": row.pose} if Path(row.pose).is_dir() else job
