"""The metadata of PC-AVS: one line a clip, eight fields with blanks between, no header.

The format has no way to write a path with a blank in it. Here such a field stands in double quotes,
a quote inside it doubled. A line without blanks in its paths is the authors' to the byte, and their
program reads it; a line with quotes is read here alone.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from talkingface.errors import DataError
from talkingface.storage.atomic import make_folder, write_text

NOTHING = "None"  # stands for a mouth folder that there is not
NO_SPECTROGRAM = "dummy"
FIELDS = (
    "reference folder",
    "count",
    "pose folder",
    "pose count",
    "audio",
    "mouth folder",
    "count",
    "spectrogram",
)


@dataclass(frozen=True)
class Row:
    """One line: which files make a clip. Paths as they are written."""

    reference: str  # folder of one or more pictures
    num_references: int  # not used by anyone
    pose: str  # folder of frames; anything else means the reference's first picture
    num_pose_frames: int
    audio: str
    mouth: str = NOTHING  # folder of the speaker's frames
    num_mouth_frames: int = 0
    spectrogram: str = NO_SPECTROGRAM  # npy file (M, 80); anything else: computed from the audio

    @property
    def has_blanks(self) -> bool:
        """Whether the line needs quotes, which the authors' program does not know."""
        return _line(self) != " ".join(map(str, _fields(self)))


@dataclass(frozen=True)
class BadLine:
    """A line that is no row."""

    number: int  # in the file, from 1
    reason: str


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """Write a metadata file; one that stands there is replaced."""
    make_folder(path.parent)
    write_text(path, "".join(f"{_line(row)}\n" for row in rows))


def read_rows(path: Path) -> list[Row | BadLine]:
    """Return the lines of a metadata file; one that cannot be read costs no other one.

    Raises:
        DataError: the file cannot be read, or none of its lines has these eight fields.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}. Check the path.") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not text in UTF-8. Save it so.") from error
    lines = enumerate(text.splitlines(), start=1)
    read = [_read(line, number, path) for number, line in lines if line.strip()]
    if not read:
        raise DataError(f"{path} lists no clips. Write one line of eight fields for each.")
    bad = [one for one in read if isinstance(one, BadLine)]
    if len(bad) == len(read):
        raise DataError(bad[0].reason)
    return read


def _read(line: str, number: int, path: Path) -> Row | BadLine:
    try:
        return _row(line, f"{path}:{number}")
    except DataError as error:
        return BadLine(number, str(error))


def _fields(row: Row) -> tuple[str | int, ...]:
    return (
        row.reference,
        row.num_references,
        row.pose,
        row.num_pose_frames,
        row.audio,
        row.mouth,
        row.num_mouth_frames,
        row.spectrogram,
    )


def _line(row: Row) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=" ", lineterminator="").writerow(_fields(row))
    return line.getvalue()


def _row(line: str, where: str) -> Row:
    try:
        (fields,) = csv.reader([line.strip()], delimiter=" ", skipinitialspace=True, strict=True)
    except csv.Error as error:
        raise DataError(f"{where}: {error}. Close every double quote.") from error
    if len(fields) != len(FIELDS):
        raise DataError(
            f"{where}: {len(fields)} fields instead of {len(FIELDS)}: {', '.join(FIELDS)}. "
            'Put a path that has blanks in double quotes: "my videos/a".'
        )
    reference, references, pose, poses, audio, mouth, mouths, spectrogram = fields
    counts = [_count(text, where) for text in (references, poses, mouths)]
    return Row(reference, counts[0], pose, counts[1], audio, mouth, counts[2], spectrogram)


def _count(text: str, where: str) -> int:
    if not text.isdecimal():
        raise DataError(
            f"{where}: {text!r} stands where a count of pictures should. The fields are "
            f"{', '.join(FIELDS)}; put a path that has blanks in double quotes."
        )
    return int(text)
