"""Where a path leads that stands in a list."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LEAST_PARTS = 2  # a name alone may be anything; a folder and a name in it are not found by chance


@dataclass(frozen=True)
class Places:
    """Finds what a list in `folder` names, also after the folder was moved or renamed.

    The authors' programs start from the folder above (``misc/Input/a`` in ``misc/demo.csv``), ours
    write from where they were called.
    """

    folder: Path

    def find(self, written: str) -> Path:
        """Return the first that is there: in the folder, above it, in the working folder.

        Failing that, what the end of the path names in the folder: ``Input/a`` of ``misc/Input/a``.
        """
        candidates = [start / written for start in (self.folder, self.folder.parent, Path())]
        candidates += [self.folder / end for end in _ends(Path(written))]
        return next((one for one in candidates if one.exists()), candidates[0])


def _ends(path: Path) -> Iterator[Path]:
    """Yield the path without its first part, without its first two, and so on."""
    for first in range(1, len(path.parts) - LEAST_PARTS + 1):
        yield Path(*path.parts[first:])
