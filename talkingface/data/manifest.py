"""A manifest: a csv file or a jsonl file with one row a clip.

| column | what it says | where it is missing |
|---|---|---|
| `video` | a video or a folder of numbered pictures | an error |
| `speech` | a sound file | the video's own sound |
| `name` | what results call the clip | the path of the video |
| `identity` | who it is | not known |
| `split` | train, val or test | as the dataset's settings say |

Paths begin in the folder of the manifest.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from talkingface.config.settings import Split
from talkingface.errors import DataError, did_you_mean

COLUMNS = ("video", "speech", "name", "identity", "split")
MANIFEST_SUFFIXES = (".csv", ".jsonl")


@dataclass(frozen=True)
class Row:
    """One clip: where its files lie and what is known of it."""

    name: str  # fit for a file name
    video: Path
    speech: tuple[Path, ...]  # the first that is there holds the sound
    identity: str = ""
    split: Split | None = None


def read_manifest(path: Path) -> list[Row]:
    """Return the rows of a manifest; the files that it names are not looked at.

    Raises:
        DataError: it cannot be read, or a row is wrong; says which, and what would be right.
    """
    if path.suffix.lower() not in MANIFEST_SUFFIXES:
        raise DataError(f"{path} is no manifest. Give a .csv or .jsonl file, one row a clip.")
    read = _csv_rows if path.suffix.lower() == ".csv" else _jsonl_rows
    try:
        rows = [_row(fields, path.parent, where) for where, fields in read(path)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"The manifest {path} cannot be read: {error}.") from error
    if not rows:
        raise DataError(f"The manifest {path} has no row. Write one a clip.")
    return rows


def name_of(relative: Path) -> str:
    """Return the name of a clip that has none of its own: its path, without suffix and slashes.

    >>> name_of(Path("anna/first day.mp4"))
    'anna_first day'
    """
    inside = [part for part in relative.with_suffix("").parts if part not in ("..", "/")]
    return "_".join(inside)


def _csv_rows(path: Path) -> Iterator[tuple[str, Mapping[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:  # spreadsheets write a mark in front
        reader = csv.DictReader(file, restkey="", restval="", strict=True)
        for fields in reader:
            where = f"{path}:{reader.line_num}"
            if "" in fields:
                raise DataError(
                    f"{where}: this row has more values than the first line has names. "
                    "Put a value that holds a comma in quotes."
                )
            yield where, fields


def _jsonl_rows(path: Path) -> Iterator[tuple[str, Mapping[str, str]]]:
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield f"{path}:{number}", _json_object(line, f"{path}:{number}")


def _json_object(line: str, where: str) -> Mapping[str, str]:
    try:
        fields = json.loads(line)
    except ValueError as error:
        raise DataError(f"{where}: this line is no JSON ({error}).") from error
    if not isinstance(fields, dict) or not all(isinstance(v, str) for v in fields.values()):
        raise DataError(f'{where}: a row is written {{"video": "a.mp4", "identity": "Anna"}}.')
    return fields


def _row(fields: Mapping[str, str], folder: Path, where: str) -> Row:
    for column in fields:
        if column not in COLUMNS:
            hint = did_you_mean(column, COLUMNS)
            raise DataError(
                f"{where}: unknown column {column!r}.{hint} Known: {', '.join(COLUMNS)}."
            )
    if not fields.get("video"):
        raise DataError(f"{where}: the row has no `video`. Every row names one.")
    video = folder / fields["video"]
    name = fields.get("name") or name_of(Path(fields["video"]))
    if Path(name).name != name:
        raise DataError(f"{where}: the name {name!r} cannot name a file. Write it without slashes.")
    speech = folder / fields["speech"] if fields.get("speech") else video
    return Row(name, video, (speech,), fields.get("identity", ""), _split(fields, where))


def _split(fields: Mapping[str, str], where: str) -> Split | None:
    written = fields.get("split", "")
    known: tuple[Split, ...] = get_args(Split)
    found = next((split for split in known if split == written), None)
    if written and found is None:
        raise DataError(f"{where}: there is no split {written!r}. Write train, val or test.")
    return found
