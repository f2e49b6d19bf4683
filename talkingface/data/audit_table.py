"""The rows of an audit as a csv file and as a table."""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import astuple, dataclass, field, fields
from pathlib import Path

from talkingface.data.audit import AuditRow
from talkingface.storage.atomic import atomic_path, make_folder

MOST_KINDS = 3  # rates or sizes that a cell names; the others are counted
MOST_TROUBLES = 5  # bad clips that the table explains; the csv file has them all
HEADERS = ("split", "clips", "seconds", "fps", "size", "faces", "silent", "doubles", "unreadable")


@dataclass
class SplitCount:
    """What is counted of one split."""

    clips: int = 0
    seconds: float = 0.0
    fps: Counter[str] = field(default_factory=Counter)
    sizes: Counter[str] = field(default_factory=Counter)
    pictures_seen: int = 0
    faces_found: int | None = None  # None: nobody looked
    silent: int = 0
    doubles: int = 0
    unreadable: int = 0

    def add(self, row: AuditRow) -> None:
        """Count a row."""
        self.clips += 1
        self.seconds += row.seconds or 0.0
        self.doubles += bool(row.same_as)
        self.unreadable += bool(row.trouble)
        self.silent += row.sound_seconds == 0
        if row.fps is not None:
            self.fps[f"{row.fps:.4g}"] += 1
        if row.width is not None:
            self.sizes[f"{row.width}x{row.height}"] += 1
        if row.faces_found is not None:
            self.faces_found = (self.faces_found or 0) + row.faces_found
            self.pictures_seen += row.pictures_seen or 0

    def cells(self, split: str) -> tuple[str, ...]:
        """Return the split's line of the table, below `HEADERS`."""
        share = None if self.faces_found is None else self.faces_found / max(self.pictures_seen, 1)
        return (
            split,
            str(self.clips),
            f"{self.seconds:.1f}",
            _most_common(self.fps),
            _most_common(self.sizes),
            "not looked for" if share is None else f"{share:.1%}",
            str(self.silent),
            str(self.doubles),
            str(self.unreadable),
        )


@dataclass
class AuditTable:
    """What is counted of all rows, split by split."""

    splits: dict[str, SplitCount] = field(default_factory=dict)
    offsets: Counter[int] = field(default_factory=Counter)  # clips by frames that sound is late
    troubles: list[str] = field(default_factory=list)  # of the first bad clips

    def add(self, row: AuditRow) -> None:
        """Count a row."""
        self.splits.setdefault(row.split, SplitCount()).add(row)
        if row.offset_frames is not None:
            self.offsets[row.offset_frames] += 1
        if row.trouble and len(self.troubles) < MOST_TROUBLES:
            self.troubles.append(f"{row.name}: {row.trouble}")

    def __str__(self) -> str:
        lines = _aligned([HEADERS, *(one.cells(split) for split, one in self.splits.items())])
        return "\n".join([*lines, self._offset_line(), *self.troubles])

    def _offset_line(self) -> str:
        if not self.offsets:
            return (
                "Offset of sound and picture: not measured. It takes `download syncnet`, and clips "
                "with sound at 25 frames a second."
            )
        near = sum(count for frames, count in self.offsets.items() if abs(frames) <= 1)
        share = near / self.offsets.total()
        return f"Offset of sound and picture: at most one frame in {share:.1%} of the clips."


def write_audit(rows: Iterable[AuditRow], path: Path) -> AuditTable:
    """Write the rows as csv, each as it comes, and return what is counted of them.

    Raises:
        StorageError: the file cannot be written, or is there already.
    """
    table = AuditTable()
    make_folder(path.parent)
    with (
        atomic_path(path, overwrite=False) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file)
        writer.writerow(column.name for column in fields(AuditRow))
        for row in rows:
            table.add(row)
            writer.writerow(astuple(row))
    return table


def _most_common(kinds: Counter[str]) -> str:
    """Return the most common kinds, each with its number of clips if there are several."""
    if len(kinds) <= 1:
        return next(iter(kinds), "-")
    named = [f"{kind} ({count})" for kind, count in kinds.most_common(MOST_KINDS)]
    others = len(kinds) - len(named)
    return ", ".join([*named, f"{others} others"] if others else named)


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
