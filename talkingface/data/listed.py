"""What datasets of files have in common: splits, lists that others can repeat, lazy clips."""

import hashlib
from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import get_args, overload

from talkingface.clip import Clip, Frames
from talkingface.config.settings import Split
from talkingface.data.base import Progress, TalkingFaceDataset
from talkingface.data.datasets.settings import ListedSettings
from talkingface.data.files import FileFrames, FileSpeech
from talkingface.data.manifest import Row
from talkingface.data.splits import drawn, list_sha256, read_list, write_list
from talkingface.errors import DataError
from talkingface.media.timeline import exact_fps

View = Callable[[Frames], Frames]  # what is shown of the frames in a file


def whole(frames: Frames) -> Frames:
    """Return frames as they are."""
    return frames


class ListedDataset(TalkingFaceDataset):
    """Clips in files. Each split is a list of names, drawn with `list_seed`.

    The run's own seed has no part in it: two people with different seeds score the same clips.
    """

    settings: ListedSettings

    @property
    def folder(self) -> Path:
        """Where the files lie."""
        return Path(self.settings.folder or f"dataset/{self.settings.name}")

    @property
    def view(self) -> View:
        """How frames are shown: as they lie in the files, where a dataset says nothing else."""
        return whole

    @abstractmethod
    def rows(self) -> Iterable[Row]:
        """Return every clip that is on the disk, in any order, each with its split."""

    @abstractmethod
    def expected(self) -> str:
        """Say in a sentence what files should lie where."""

    def prepare(self, progress: Progress) -> None:
        """Look at what is there; nothing has to be made."""
        progress(0, 1)
        self._check_there()
        progress(1, 1)

    def clips(self, split: Split) -> Sequence[Clip]:
        """Return the clips of a split in the order of their list."""
        self._check_there()
        rows = self._lists[split]
        if not rows:
            held = ", ".join(f"{len(rows)} in {name}" for name, rows in self._lists.items() if rows)
            raise DataError(
                f"{self.folder} has no clip in the split {split} ({held}). {self.expected()}"
            )
        rate = None if self.settings.fps is None else exact_fps(self.settings.fps)
        return FileClips(rows, rate, self.view)

    def list_of(self, split: Split) -> tuple[str, ...]:
        """Return the names of a split's clips; the first n of them are the list of length n."""
        return tuple(row.name for row in self._lists[split])

    def write_list(self, split: Split, path: Path) -> str:
        """Write the list of a split for others to score the same clips; return its SHA-256.

        They give it as the setting `test_list`.
        """
        return write_list(path, self.list_of(split))

    def fingerprint(self) -> str:
        """Return the length and the SHA-256 of the list of each split that has clips."""
        lists = {split: self.list_of(split) for split in self._lists}
        return "; ".join(
            f"{split} {len(names)} sha256:{list_sha256(names)}"
            for split, names in lists.items()
            if names
        )

    @cached_property
    def _lists(self) -> Mapping[Split, tuple[Row, ...]]:
        """The rows of each split, in the order in which they are drawn."""
        by_name = _by_name(self.rows())
        names: dict[Split, list[str]] = {split: [] for split in get_args(Split)}
        for row in by_name.values():
            assert row.split is not None, f"{row.name} is in no split"
            names[row.split].append(row.name)
        names = {split: drawn(own, self.settings.list_seed) for split, own in names.items()}
        if self.settings.test_list is not None:
            test = self._given_list(Path(self.settings.test_list), by_name)
            listed = set(test)
            names = {split: [n for n in own if n not in listed] for split, own in names.items()}
            names["test"] = test
        names["test"] = names["test"][: self.settings.test_clips]
        return {split: tuple(by_name[name] for name in own) for split, own in names.items()}

    def _given_list(self, path: Path, known: Mapping[str, Row]) -> list[str]:
        """Return the names of the list that a user gives for the test."""
        names = read_list(path)
        if missing := [name for name in names if name not in known]:
            raise DataError(
                f"The list {path} names {len(missing)} clips that are not in {self.folder}, such "
                f"as {missing[0]}. Names there look like {next(iter(known), 'nothing')}."
            )
        return names

    def _check_there(self) -> None:
        if not self.folder.exists():
            raise DataError(f"{self.folder} does not exist. {self.expected()}")
        if not any(self._lists.values()):
            raise DataError(f"{self.folder} holds no clip of this layout. {self.expected()}")


class FileClips(Sequence[Clip]):
    """Clips of rows, each made when it is asked for; no file is opened."""

    def __init__(self, rows: Sequence[Row], fps: Fraction | None, view: View = whole) -> None:
        self._rows = rows
        self._fps = fps
        self._view = view

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Clip: ...
    @overload
    def __getitem__(self, index: slice) -> "FileClips": ...
    def __getitem__(self, index: int | slice) -> "Clip | FileClips":
        if isinstance(index, slice):
            return FileClips(self._rows[index], self._fps, self._view)
        row = self._rows[index]
        frames = self._view(FileFrames(row.video, self._fps))
        return Clip(row.name, frames, FileSpeech(row.speech), row.identity)


def _by_name(rows: Iterable[Row]) -> Mapping[str, Row]:
    by_name: dict[str, Row] = {}
    for row in rows:
        if (other := by_name.setdefault(row.name, row)) is not row:
            raise DataError(
                f"{other.video} and {row.video} would both be called {row.name}. "
                "Move one of them out of the folder, or name them in a manifest."
            )
    return by_name


def sizes_sha256(rows: Iterable[Row]) -> str:
    """Return a checksum of the sizes of videos, by name: it changes where a file is replaced.

    Raises:
        DataError: a video is not there.
    """
    digest = hashlib.sha256()
    for row in sorted(rows, key=lambda row: row.name):
        try:
            digest.update(f"{row.name}:{row.video.stat().st_size}\n".encode())
        except OSError as error:
            raise DataError(f"{row.video} cannot be found: {error.strerror}.") from error
    return digest.hexdigest()
