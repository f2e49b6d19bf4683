"""A list of clips to make and to score, as papers should publish theirs: a csv file.

| column | what it says | where it is missing |
|---|---|---|
| `name` | what results call the clip | the name of the ground truth's file |
| `ground_truth_video` | the real video | an error |
| `source_image` | the portrait | the first frame of the ground truth |
| `driving_audio` | the speech | the sound of the ground truth |
| `pose_video` | who moves the head | the ground truth |
| `start`, `frames` | the part of all three that is meant, counted at 25 a second | all |

Paths begin in the folder of the list.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from talkingface.data.manifest import name_of
from talkingface.errors import DataError, did_you_mean

COLUMNS = (
    "name",
    "source_image",
    "driving_audio",
    "pose_video",
    "ground_truth_video",
    "start",
    "frames",
)
FPS = 25  # at which `start` and `frames` are counted


@dataclass(frozen=True)
class ListedClip:
    """One row of the list."""

    name: str  # fit for a file name
    truth: Path
    portrait: Path | None = None
    speech: Path | None = None
    pose: Path | None = None
    start: int = 0
    num_frames: int | None = None  # None: to the end

    @property
    def is_whole(self) -> bool:
        """Whether the whole files are meant."""
        return not self.start and self.num_frames is None


def read_clip_list(path: Path) -> list[ListedClip]:
    """Return the rows of a list; the files that it names are not looked at.

    Raises:
        DataError: it cannot be read, or a row is wrong; says which, and what would be right.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restkey="", restval="", strict=True)
            rows = [_row(one, path.parent, f"{path}:{reader.line_num}") for one in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"The list {path} cannot be read: {error}.") from error
    if not rows:
        raise DataError(f"The list {path} has no row. Write one a clip below the names of columns.")
    names = [row.name for row in rows]
    if doubles := {name for name in names if names.count(name) > 1}:
        raise DataError(f"{path} names {min(doubles)} twice. Give each clip a name of its own.")
    return rows


def _row(fields: Mapping[str, str], folder: Path, where: str) -> ListedClip:
    if "" in fields:
        raise DataError(f"{where}: more values than columns. Quote those with commas.")
    for column in fields:
        if column not in COLUMNS:
            hint = did_you_mean(column, COLUMNS)
            known = ", ".join(COLUMNS)
            raise DataError(f"{where}: unknown column {column!r}.{hint} Known: {known}.")
    if not fields.get("ground_truth_video"):
        raise DataError(f"{where}: the row has no `ground_truth_video`. Every row names one.")
    name = fields.get("name") or name_of(Path(fields["ground_truth_video"]))
    if Path(name).name != name:
        raise DataError(f"{where}: the name {name!r} cannot name a file. Write it without slashes.")

    def file(column: str) -> Path | None:
        return folder / fields[column] if fields.get(column) else None

    num_frames = _count(fields.get("frames", ""), "frames", where)
    return ListedClip(
        name,
        folder / fields["ground_truth_video"],
        file("source_image"),
        file("driving_audio"),
        file("pose_video"),
        _count(fields.get("start", ""), "start", where) or 0,
        num_frames,
    )


def _count(text: str, column: str, where: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal():
        raise DataError(f"{where}: `{column}` is a number of frames, not {text!r}.")
    return int(text)
