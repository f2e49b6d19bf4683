"""Where a path leads that stands in a list."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Places:
    """Finds what a list in `folder` names.

    The authors' programs start from the folder above (``misc/Input/a`` in ``misc/demo.csv``), ours
    write from where they were called, and whoever moves a folder wants paths within it to hold.
    """

    folder: Path

    def find(self, written: str) -> Path:
        """Return the first that is there: in the folder, above it, in the working folder."""
        candidates = [start / written for start in (self.folder, self.folder.parent, Path())]
        return next((one for one in candidates if one.exists()), candidates[0])
