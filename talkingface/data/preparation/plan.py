"""What is to be made of raw material for one dataset: pieces of work, and lists at the end."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

from talkingface.data.base import Progress
from talkingface.data.preparation.batch import (
    Outcome,
    Task,
    is_done,
    run_tasks,
)
from talkingface.data.preparation.faces import Cropping, Search, open_raw, preview_of
from talkingface.data.preparation.options import PreparationOptions
from talkingface.data.preparation.raw import find_raw
from talkingface.errors import UsageError
from talkingface.media import write_picture

PREPARED = "prepared"
DRIVERS = ("pose", "mouth", "eyes", "expression")
SPECIAL = ("audio", *DRIVERS, "csv", "spectrogram")  # options that not every layout has a place for


class Preparation(ABC):
    """How raw material becomes the files of one layout."""

    takes: frozenset[str] = frozenset()  # which of the special options

    def __init__(self, options: PreparationOptions, name: str = "") -> None:
        """Check the options.

        Raises:
            UsageError: an option means nothing for this layout, whose dataset is called `name`.
        """
        assert options.input is not None
        self.options = options
        self.input = Path(options.input)
        self.out = Path(options.out) if options.out else self.default_folder()
        self.search = Search.by(options)
        given = [one for one in SPECIAL if getattr(options, one)]
        for role in given:
            if role not in self.takes:
                raise UsageError(f"{name or 'Cropping'} has no place for --{role}. Leave it out.")
        if options.audio is None and (driver := next((one for one in given if one in DRIVERS), "")):
            raise UsageError(f"--{driver} is for one clip. Say what is spoken with --audio=FILE.")

    def default_folder(self) -> Path:
        """Return where results go when the user does not say."""
        return self.input.resolve().parent / PREPARED

    @abstractmethod
    def cropping(self) -> Cropping:
        """Return the crop that the layout's method expects."""

    @abstractmethod
    def tasks(self) -> Sequence[Task]:
        """Return the pieces of work.

        Raises:
            DataError: there is no raw material.
        """

    def finish(self, done: Sequence[Task]) -> tuple[str, ...]:
        """Write the lists that name what is there now; return what the user should know."""
        del done
        return ()

    def run(self, progress: Progress | None = None) -> tuple[Outcome, tuple[str, ...]]:
        """Do what is missing; return what became of it, and what the user should know.

        Raises:
            DataError: there is nothing to prepare, or the only clip cannot be.
            RunError: too many clips fail.
        """
        tasks = self.tasks()
        outcome = run_tasks(
            tasks,
            self.out,
            workers=self.options.workers,
            max_failed=self.options.max_failed,
            progress=progress,
        )
        return outcome, self.finish([task for task in tasks if is_done(task, self.out)])

    def preview(self, path: Path) -> None:
        """Write a picture of the first clip that shows box, points and crop.

        Raises:
            DataError: there is no clip, or no face in it.
            StorageError: a file of this name is there.
        """
        raw = find_raw(self.input)[0]
        picture = preview_of(open_raw(raw.path), raw.path, self.search, self.cropping())
        write_picture(path, picture, overwrite=False)
