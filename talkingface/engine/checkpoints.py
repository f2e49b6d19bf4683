"""The checkpoints of a training run: what is written, which are kept, and which to start from.

A checkpoint is a dict of tensors and plain values; what is in it is the trainer's business. Each is
a file ``step-00001200.pt``. ``last.json`` and ``best.json`` name two of them, and are written after
the file that they name: whenever a run is killed, ``last.json`` names a whole checkpoint.
"""

import json
import math
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from talkingface.errors import CheckpointError
from talkingface.storage.atomic import make_folder, remove_strays, write_json
from talkingface.storage.pickles import read_pickle, write_pickle

FORMAT_VERSION = 1
_FILE_NAME = re.compile(r"step-(\d+)\.pt")


class Checkpoints:
    """The checkpoints in one folder. One process writes there; it makes this object at its start.

    Args:
        folder: where they lie; made if absent. What a killed process left half-written is removed.
        keep_every: besides the last and the best, keep each whose step is a multiple of this;
            0 keeps no others.
        higher_is_better: how scores compare.

    Raises:
        StorageError: the folder cannot be made.
    """

    def __init__(self, folder: Path, *, keep_every: int = 0, higher_is_better: bool = True) -> None:
        make_folder(folder)
        remove_strays(folder)
        self._folder = folder
        self._keep_every = keep_every
        self._higher_is_better = higher_is_better

    @property
    def last(self) -> Path | None:
        """The checkpoint that was saved last, or None before the first.

        Where its pointer was lost, the newest file: a run must never begin anew beside its work.
        """
        named, _ = self._named_by("last")
        return named or max(self._files(), key=lambda path: path.stat().st_mtime_ns, default=None)

    @property
    def best(self) -> Path | None:
        """The checkpoint with the best score, or None while none has a score."""
        return self._named_by("best")[0]

    def save(self, state: Mapping[str, object], step: int, score: float | None = None) -> Path:
        """Save `state`, then drop the checkpoints that are no longer to be kept.

        Args:
            state: tensors and plain values, by name.
            step: how many steps of training it has seen.
            score: on validation, if it was scored; NaN is no score.

        Raises:
            CheckpointError: `state` holds something that could not be read again.
            StorageError: the disk is full or gone; earlier checkpoints are as they were.
        """
        path = self._folder / f"step-{step:08d}.pt"
        write_pickle(path, {"format_version": FORMAT_VERSION, "state": dict(state)})
        write_json(self._pointer("last"), {"file": path.name})
        if score is not None and self._is_best(score):
            write_json(self._pointer("best"), {"file": path.name, "score": score})
        self._drop_the_others()
        return path

    def _is_best(self, score: float) -> bool:
        path, best = self._named_by("best")
        if math.isnan(score) or path is None:
            return not math.isnan(score)
        return score > best if self._higher_is_better else score < best

    def _drop_the_others(self) -> None:
        """Remove what is neither last nor best nor due to be kept.

        The last is known from its pointer, not from the steps: a run that started again from an
        early checkpoint writes smaller steps than those that lie here.
        """
        kept = {self.last, self.best}
        for path in self._files() - kept:
            if self._keep_every and step_of(path) % self._keep_every == 0:
                continue
            with suppress(OSError):  # one file too many hurts nobody, and goes next time
                path.unlink()

    def _files(self) -> set[Path]:
        return {path for path in self._folder.iterdir() if _FILE_NAME.fullmatch(path.name)}

    def _named_by(self, pointer: str) -> tuple[Path | None, float]:
        """Return the checkpoint that a pointer names, if both are there, and its score."""
        try:
            content = json.loads(self._pointer(pointer).read_bytes())
            path = self._folder / Path(content["file"]).name
            score = float(content.get("score", math.nan))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None, math.nan
        return (path, score) if path.is_file() else (None, math.nan)

    def _pointer(self, name: str) -> Path:
        return self._folder / f"{name}.json"


def step_of(path: Path) -> int:
    """Return the step that a checkpoint's name states.

    >>> step_of(Path("step-00001200.pt"))
    1200
    """
    name = _FILE_NAME.fullmatch(path.name)
    if name is None:
        raise CheckpointError(f"{path} does not have the name of a checkpoint, step-00001200.pt.")
    return int(name[1])


def load_checkpoint(path: Path) -> dict[str, object]:
    """Return the state in `path`, tensors on the CPU; nothing that is in the file is run.

    Raises:
        CheckpointError: the file is absent, damaged, unsafe, no checkpoint, or of a newer format.
    """
    content = read_pickle(
        path,
        cure="Start from another checkpoint of the run; of a file that you trust, "
        "`convert --i-trust-this-file` copies the tensors to a safe file.",
    )
    match content:
        case {"format_version": int(version), "state": dict(state)}:
            pass
        case _:
            raise CheckpointError(
                f"{path} is no checkpoint of a training run. Give a file from the checkpoints/ "
                "of a run; weights alone go to --evaluate_model_file."
            )
    if version > FORMAT_VERSION:
        raise CheckpointError(
            f"{path} has format {version}; this version of the toolkit reads up to "
            f"{FORMAT_VERSION}. Install a newer one."
        )
    return state
