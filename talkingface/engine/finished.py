"""The clips of an evaluation that are done, a file each, from which a killed run goes on.

Every process of a run writes its own clips, so nobody waits for anybody, and it does not matter how
many processes go on.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from talkingface.engine.evaluator import Scored
from talkingface.engine.scores import ClipScores, Subject
from talkingface.engine.subject import Part
from talkingface.errors import RunError
from talkingface.storage.atomic import atomic_file, make_folder, write_json

UNREADABLE = (OSError, ValueError, KeyError, TypeError, BadZipFile)


class FinishedClips:
    """Keeps what came out for each clip.

    Args:
        folder: the run folder.
        made_with: a digest of all that decides a score. A clip that was scored with anything else
            is not done.
    """

    def __init__(self, folder: Path, made_with: str) -> None:
        self._rows, self._parts = folder / "clips", folder / "parts"
        self._made_with = made_with

    def keep(self, name: str, scored: Scored) -> None:
        """Write what came out for a clip; its rows come last and say that all is there.

        Raises:
            StorageError: it cannot be written.
        """
        arrays: dict[str, Any] = {
            f"{subject}/{metric}/{key}": rows
            for subject, parts in scored.parts.items()
            for metric, part in parts.items()
            for key, rows in part.items()
        }
        if arrays:
            make_folder(self._parts)
            with atomic_file(self._parts / f"{name}.npz") as file:
                np.savez(file, **arrays)
        make_folder(self._rows)
        rows = [row.as_plain() for row in scored.rows]
        write_json(self._rows / f"{name}.json", {"made_with": self._made_with, "rows": rows})

    def is_done(self, name: str) -> bool:
        """Return whether a clip need not be made: it was scored as now, and did not fail."""
        try:
            return not self.rows(name)[0].failure
        except RunError:
            return False

    def rows(self, name: str) -> Sequence[ClipScores]:
        """Return what came out for a clip, for each subject.

        Raises:
            RunError: it was not scored, or with other settings.
        """
        path = self._rows / f"{name}.json"
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            if kept["made_with"] != self._made_with:
                raise RunError(f"{path} was made with other settings. Resume the run to mend it.")
            return [ClipScores.of_plain(row) for row in kept["rows"]]
        except UNREADABLE as error:
            raise RunError(
                f"{path} should hold the scores of {name}, and cannot be read ({error}). All "
                "processes must see one run folder; resume the run to mend it."
            ) from error

    def part(self, name: str, subject: Subject, metric: str) -> Part:
        """Return what a clip adds to a metric of the set; nothing where it adds nothing.

        Raises:
            RunError: the file is damaged.
        """
        path, prefix = self._parts / f"{name}.npz", f"{subject}/{metric}/"
        if not path.is_file():
            return {}
        try:
            with np.load(path, allow_pickle=False) as file:
                found: Mapping[str, Any] = {
                    key.removeprefix(prefix): file[key]
                    for key in file.files
                    if key.startswith(prefix)
                }
        except UNREADABLE as error:
            raise RunError(f"{path} is damaged ({error}). Remove it and resume the run.") from error
        return found
