"""Runs many pieces of work, each once: on several processes, past bad ones, and on where it ended.

What is done leaves a receipt in ``.prepared`` of the output folder: what it was made of and what
was made. A second run does what has no receipt, or whose source, treatment or result has changed.
"""

import csv
import io
import json
import os
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from talkingface.data.base import Progress
from talkingface.data.processes import mapped
from talkingface.errors import DataError, RunError
from talkingface.storage.atomic import make_folder, remove_strays, write_json, write_text

FAILURES = "failures.csv"
RECEIPTS = ".prepared"
UNFINISHED = {"finished": False}
TASKS_A_PROCESS = 2  # below this, starting another process costs more than it gains


class StageError(DataError):
    """A piece of work failed in a certain stage."""

    def __init__(self, stage: str, reason: str) -> None:
        super().__init__(reason)
        self.stage = stage


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Let what goes wrong with the data in this block be reported as of the stage `name`."""
    try:
        yield
    except StageError:
        raise
    except DataError as error:
        raise StageError(name, str(error)) from error


class Task(ABC):
    """A piece of work. It holds plain values, so that it can be sent to another process."""

    name: str  # unlike that of any other task with the same output folder

    @property
    @abstractmethod
    def sources(self) -> tuple[Path, ...]:
        """What it is made of; failures are listed under the first."""

    @property
    @abstractmethod
    def outputs(self) -> tuple[Path, ...]:
        """What it makes: files and folders."""

    @abstractmethod
    def make(self) -> None:
        """Make all outputs.

        Raises:
            DataError: a source cannot be used; inside `stage`, which stage failed.
        """

    def treatment(self) -> Mapping[str, object]:
        """Return what else decides the result, as plain values."""
        return {}


@dataclass(frozen=True)
class Failure:
    """One line of ``failures.csv``."""

    path: str
    stage: str
    reason: str


@dataclass(frozen=True)
class Outcome:
    """What became of all tasks."""

    done: int
    was_there: int
    failures: tuple[Failure, ...]
    folder: Path

    def __str__(self) -> str:
        parts = [
            f"{self.done} done",
            f"{self.was_there} were there",
            f"{len(self.failures)} failed",
        ]
        listed = f" Failures: {self.folder / FAILURES}." if self.failures else ""
        return f"{', '.join(parts)}, in {self.folder}.{listed}"


def run_tasks(
    tasks: Sequence[Task],
    folder: Path,
    *,
    workers: int | None = None,
    max_failed: float = 0.2,
    progress: Progress | None = None,
) -> Outcome:
    """Do what is missing of `tasks`, whose outputs lie in `folder`.

    Raises:
        DataError: the only task failed.
        RunError: more than the share `max_failed` failed; what was done stays, and the failures
            so far are listed.
        StorageError: a file cannot be written.
    """
    make_folder(folder / RECEIPTS)
    missing = [task for task in tasks if not is_done(task, folder)]
    for place in {output.parent for task in missing for output in task.outputs}:
        remove_strays(place)  # of a run that was killed
    was_there, failures = len(tasks) - len(missing), []
    for done, failure in enumerate(_attempts(missing, folder, workers), start=was_there + 1):
        if failure is not None:
            failures.append(failure)
            if len(failures) > max_failed * len(tasks):
                _list(failures, folder)
                raise _too_many(failures, len(tasks), max_failed, folder)
        if progress is not None:
            progress(done, len(tasks))
    _list(failures, folder)
    return Outcome(len(missing) - len(failures), was_there, tuple(failures), folder)


def is_done(task: Task, folder: Path) -> bool:
    """Return whether a task was done, of the same source in the same way, and its outputs lie."""
    try:
        receipt = json.loads(_receipt(task, folder).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(receipt == _wanted(task, folder)) and all(
        output.exists() for output in task.outputs
    )


def _attempts(tasks: Sequence[Task], folder: Path, workers: int | None) -> Iterator[Failure | None]:
    """Yield after each task: nothing, or how it failed."""
    processes = min(workers or os.cpu_count() or 1, max(len(tasks) // TASKS_A_PROCESS, 1))
    return mapped(partial(_attempt, folder=folder), tasks, processes, when_killed=_killed)


def _killed(task: Task) -> Failure:
    reason = "the process at work on it was ended, often for want of memory. Make the clip shorter."
    return Failure(str(task.sources[0]), "make", f"{task.sources[0]}: {reason}")


def _attempt(task: Task, folder: Path) -> Failure | None:
    receipt = _receipt(task, folder)
    try:
        with stage("sources"):
            wanted = _wanted(task, folder)
        if not receipt.exists():
            _check_free(task)
        write_json(receipt, UNFINISHED)  # what a killed process leaves is ours to replace
        task.make()
    except StageError as error:
        return Failure(str(task.sources[0]), error.stage, str(error))
    except DataError as error:
        return Failure(str(task.sources[0]), "make", str(error))
    write_json(receipt, wanted)
    return None


def _check_free(task: Task) -> None:
    """Refuse to replace what was not made here."""
    for output in task.outputs:
        if output.exists():
            raise StageError(
                "outputs",
                f"{output} exists and was not made here. Remove it, or choose another --out.",
            )


def _receipt(task: Task, folder: Path) -> Path:
    return folder / RECEIPTS / f"{task.name}.json"


def _wanted(task: Task, folder: Path) -> dict[str, object]:
    return {
        "sources": [[str(path), *_state(path)] for path in task.sources],
        "treatment": dict(task.treatment()),
        "outputs": [os.path.relpath(path, folder) for path in task.outputs],
    }


def _state(path: Path) -> list[int]:
    """Return numbers that change with the content of a file, or of the files in a folder."""
    try:
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        stats = [file.stat() for file in files]
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}. Check the path.") from error
    return [len(stats), sum(s.st_size for s in stats), max(s.st_mtime_ns for s in stats)]


def _list(failures: Sequence[Failure], folder: Path) -> None:
    """Write ``failures.csv``; where nothing failed there is none."""
    path = folder / FAILURES
    if not failures:
        path.unlink(missing_ok=True)
        return
    table = io.StringIO()
    rows = sorted((one.path, one.stage, one.reason) for one in failures)
    csv.writer(table, lineterminator="\n").writerows([("path", "stage", "reason"), *rows])
    write_text(path, table.getvalue())


def _too_many(
    failures: Sequence[Failure], num_tasks: int, max_failed: float, folder: Path
) -> DataError | RunError:
    if num_tasks == 1:
        return DataError(failures[0].reason)
    return RunError(
        f"{len(failures)} of {num_tasks} clips failed, more than {max_failed:.0%}. "
        f"The first: {failures[0].reason} All: {folder / FAILURES}. "
        "Mend them, or allow more with --max_failed."
    )
