"""The folder of one run: all that is needed to repeat it, and all that came out.

``runs/<time>-<model>-<dataset>/`` holds ``config.yaml`` (which a later call can read),
``manifest.json`` (what the run was made with), ``log.txt``, ``metrics.jsonl``, ``checkpoints/``,
``videos/``, and what `results` says of scores.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from shutil import rmtree
from typing import Any

from talkingface.engine.launch import Launch
from talkingface.errors import CheckpointError, RunError, StorageError, TalkingFaceError
from talkingface.storage.atomic import write_json, write_text

TRAINING = "checkpoints/last.json"
EVALUATION = "clips"
BEGINNING = {"config.yaml", "manifest.json", "log.txt"}  # files that are there from the start
BEFORE_THE_FIRST = (
    "A training that is killed leaves its last checkpoint, the first of them after --save_every "
    "steps or --train.save_minutes."
)
WORDS = {TRAINING: ("checkpoint", "Train"), EVALUATION: ("finished clip", "Evaluate")}


class RunFolder:
    """The paths of a run, and how its records are written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.checkpoints = path / "checkpoints"
        self.videos = path / "videos"
        self.results = path / "results.json"
        self.per_clip = path / "per_clip.csv"
        self.curves = path / "curves.json"
        self.sheets = path / "sheets"

    @classmethod
    def create(
        cls, root: Path, model: str, dataset: str, *, config: str, manifest: Mapping[str, Any]
    ) -> "RunFolder":
        """Make a new folder below `root`; one that exists is never used again.

        Args:
            root: where runs are kept; it is made if need be.
            model: name of the method; empty for videos that were made elsewhere.
            dataset: name of the dataset.
            config: text of the settings file that repeats the run.
            manifest: what the run is made with.

        Raises:
            StorageError: The folder cannot be made.
        """
        time = datetime.now().astimezone().strftime("%Y-%m-%d_%H-%M-%S")
        run = cls(_new_folder(root, "-".join(part for part in (time, model, dataset) if part)))
        run.checkpoints.mkdir()
        run.videos.mkdir()
        write_text(run.path / "config.yaml", config)
        write_json(run.path / "manifest.json", {"started": time, **manifest})
        return run

    def record(self, **values: float | int | str) -> None:
        """Append one line to ``metrics.jsonl``."""
        with (self.path / "metrics.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(values) + "\n")

    @contextmanager
    def logging(self) -> Iterator[None]:
        """Keep what the package says while the block runs in ``log.txt``, with times.

        A call that is refused before anything came out leaves no folder behind.
        """
        handler = logging.FileHandler(self.path / "log.txt", encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        logger = logging.getLogger("talkingface")
        logger.addHandler(handler)
        is_refused = False
        try:
            yield
        except TalkingFaceError as error:
            is_refused = not isinstance(error, RunError)  # a run that failed has a log to be read
            raise
        finally:
            logger.removeHandler(handler)
            handler.close()
            if is_refused and Launch.of_this_process().rank == 0:
                self._remove_if_empty()

    def _remove_if_empty(self) -> None:
        """Remove the folder where it says how the run began and nothing more."""
        files = [path for path in self.path.rglob("*") if not path.is_dir()]
        if {path.relative_to(self.path).as_posix() for path in files} <= BEGINNING:
            rmtree(self.path, ignore_errors=True)


def existing_run(path: Path, evidence: str = TRAINING) -> Path:
    """Return the folder of a run to go on with.

    Args:
        path: the folder.
        evidence: a file or folder in it that only such a run has.

    Raises:
        CheckpointError: It is no run folder, or has nothing to go on from.
    """
    if not (path / "config.yaml").is_file():
        raise CheckpointError(f"{path} is no run folder: it has no config.yaml.")
    if not (path / evidence).exists():
        thing, verb = WORDS[evidence]
        raise CheckpointError(f"The run {path} has no {thing} to go on from. {verb} anew.")
    return path


def newest_run(runs: Path, evidence: str = TRAINING) -> Path:
    """Return the newest run folder that can be gone on with.

    Raises:
        CheckpointError: There is none.
    """
    found = _newest_last(runs, evidence)
    if not found:
        thing, verb = WORDS[evidence]
        hint = f" {BEFORE_THE_FIRST}" if evidence == TRAINING else ""
        raise CheckpointError(f"No run in {runs} has a {thing} to go on from. {verb} first.{hint}")
    return found[-1]


def run_of_job(runs: Path, job: str, evidence: str = TRAINING) -> Path | None:
    """Return the newest run that a job of torchrun has made and can go on with, if there is one."""
    for path in reversed(_newest_last(runs, evidence)):
        manifest = path / "manifest.json"
        if manifest.is_file() and json.loads(manifest.read_text()).get("job") == job:
            return path
    return None


def _newest_last(runs: Path, evidence: str) -> list[Path]:
    """Return the folders in `runs` that have the evidence, the one that was last at work last."""
    found = [path for path in runs.glob("*") if (path / evidence).exists()]
    return sorted(found, key=lambda path: (path / evidence).stat().st_mtime_ns)


def _new_folder(root: Path, name: str) -> Path:
    """Make a folder that did not exist, adding ``-2``, ``-3``... where the name is taken."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        for attempt in range(1, 1000):
            path = root / (name if attempt == 1 else f"{name}-{attempt}")
            try:
                path.mkdir()
            except FileExistsError:
                continue
            return path
    except OSError as error:
        raise StorageError(
            f"No folder for this run can be made in {root}: {error.strerror}. "
            "Choose another with --runs_folder=FOLDER."
        ) from error
    raise StorageError(f"{root} holds a thousand runs of the same second. Choose another folder.")
