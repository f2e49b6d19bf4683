"""Data files of installed packages, found without importing the packages."""

from importlib.util import find_spec
from pathlib import Path


def packaged_file(package: str, file: str) -> Path | None:
    """Return a file of an installed package by its path in it, or None if it is not there."""
    spec = find_spec(package)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder, file)
        if path.is_file():
            return path
    return None
