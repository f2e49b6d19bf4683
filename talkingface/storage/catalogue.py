"""The table of published weights: where each file is, what it must be, and where it goes."""

from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, cast

import yaml

from talkingface.errors import ConfigError, did_you_mean, normalized
from talkingface.storage.packaged import packaged_file

JOINED_FILE = "published.safetensors"  # what is made of the files of a method, in its folder


@dataclass(frozen=True, kw_only=True)
class PublishedFile:
    """One row of the table, ``checkpoints/weights.yaml``."""

    name: str
    used_by: str  # the model or metric, and for what
    licence: str  # of the weights, as far as their makers state it
    page: str  # where a person finds the file
    file: str  # its published name
    folder: str  # where it goes, below checkpoints/
    model: str | None = None  # whose networks it holds, if a method's: they become one file
    url: str | None = None  # the file itself, by https
    drive_id: str | None = None  # or its id at Google Drive
    size: int | None = None  # bytes
    sha256: str | None = None  # whole, or its first digits where only these are published
    git_blob: str | None = None  # the name that git gives the content
    holds: tuple[str, ...] = ()  # for an archive: the files in it that are needed
    package: str | None = None  # an installed package that holds the same file ...
    package_file: str | None = None  # ... at this path in it

    @property
    def address(self) -> str | None:
        """Where the file is fetched, or None where only a person can."""
        if self.drive_id:
            # `confirm` answers beforehand the page that asks about files too large to be scanned.
            return (
                "https://drive.usercontent.google.com/download"
                f"?id={self.drive_id}&export=download&confirm=t"
            )
        return self.url

    @property
    def is_verifiable(self) -> bool:
        """Whether any checksum of the file is known."""
        return bool(self.sha256 or self.git_blob)

    def paths(self, checkpoints: Path) -> tuple[Path, ...]:
        """Return the files that are there once this one has come and was unpacked, or joined."""
        if self.model:
            return (checkpoints / self.model / JOINED_FILE,)
        return self.paths_by_hand(checkpoints)

    def packaged(self) -> Path | None:
        """Return the same file in an installed package, or None if it is not there."""
        if self.package is None or self.package_file is None:
            return None
        return packaged_file(self.package, self.package_file)

    def paths_by_hand(self, checkpoints: Path) -> tuple[Path, ...]:
        """Return the files that are there once a person has put them there, or has unpacked it."""
        return tuple(checkpoints / self.folder / name for name in self.holds or (self.file,))


def load_catalogue(table: Path) -> tuple[PublishedFile, ...]:
    """Read the table.

    Raises:
        ConfigError: it is absent, no YAML, or a row has a wrong or missing field.
    """
    try:
        rows = yaml.safe_load(table.read_text("utf-8"))
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        raise ConfigError(f"The table of weights {table} cannot be read: {error}") from error
    if not isinstance(rows, dict):
        raise ConfigError(f"{table} is no table: each row is a name and its fields.")
    return tuple(_row(table, name, row) for name, row in rows.items())


def find(catalogue: tuple[PublishedFile, ...], name: str) -> PublishedFile:
    """Return the row called `name`; case, ``-`` and ``_`` do not count.

    Raises:
        ConfigError: there is none; the message has the nearest name and all of them.
    """
    by_plain_name = {normalized(entry.name): entry for entry in catalogue}
    if normalized(name) not in by_plain_name:
        known = [entry.name for entry in catalogue]
        hint = did_you_mean(name, known)
        raise ConfigError(f"No weights are called {name!r}.{hint} Known: {', '.join(known)}.")
    return by_plain_name[normalized(name)]


def of_model(catalogue: tuple[PublishedFile, ...], model: str) -> PublishedFile | None:
    """Return the row of the weights that the authors of a method published, if there is one."""
    return next((entry for entry in catalogue if entry.model == model), None)


def _row(table: Path, name: object, row: object) -> PublishedFile:
    if not isinstance(row, dict):
        raise ConfigError(f"{table}: {name} has no fields.")
    known = {field.name: field for field in fields(PublishedFile)}
    row = cast("dict[str, Any]", {"name": name} | row)
    for key, value in row.items():
        if key not in known:
            hint = did_you_mean(str(key), known)
            raise ConfigError(f"{table}: {name} has an unknown field {key!r}.{hint}")
        if not _fits(key, value):
            raise ConfigError(f"{table}: {key} of {name} cannot be {value!r}.")
    absent = [key for key, field in known.items() if field.default is MISSING and key not in row]
    if absent:
        raise ConfigError(f"{table}: {name} lacks {', '.join(absent)}.")
    return PublishedFile(**row | {"holds": tuple(row.get("holds", ()))})


def _fits(key: str, value: object) -> bool:
    """Tell whether a field has the type that it must have. YAML reads ``123e4567`` as a number."""
    if key == "size":
        return type(value) is int and value > 0
    if key == "holds":
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return isinstance(value, str) and bool(value)
