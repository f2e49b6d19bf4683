"""What is noted when published weights arrive, so that a later change is seen.

A receipt lies beside the files that it is about. It holds the checksum of what was fetched, whether
that was compared with a published one, and the checksum of each file that came out of it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from talkingface.storage.atomic import write_json
from talkingface.storage.digest import sha256_of


@dataclass(frozen=True)
class FileRecord:
    """A file as it was when it came."""

    size: int
    modified_ns: int
    sha256: str

    def describes(self, path: Path) -> bool:
        """Tell whether `path` is still that file; one that was not touched is not read."""
        now = path.stat()
        if now.st_size != self.size:
            return False
        return now.st_mtime_ns == self.modified_ns or sha256_of(path) == self.sha256


@dataclass(frozen=True)
class Receipt:
    """What came, and what became of it."""

    sha256: str  # of what was fetched: the file, or the archive
    verified: bool  # whether a published checksum was there to compare with
    files: Mapping[str, FileRecord]  # by name


def write_receipt(path: Path, sha256: str, files: Iterable[Path], *, verified: bool) -> None:
    """Note in `path` what the `files` are now.

    Raises:
        StorageError: the receipt cannot be written.
    """
    records = {}
    for file in files:
        status = file.stat()
        records[file.name] = FileRecord(status.st_size, status.st_mtime_ns, sha256_of(file))
    write_json(path, asdict(Receipt(sha256, verified, records)))


def read_receipt(path: Path) -> Receipt | None:
    """Return the receipt in `path`, or None where there is none that can be read."""
    try:
        content = json.loads(path.read_bytes())
        files = {name: FileRecord(**record) for name, record in content["files"].items()}
        return Receipt(content["sha256"], content["verified"], files)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
