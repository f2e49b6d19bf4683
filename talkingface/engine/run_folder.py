"""The folder of one run: all that is needed to repeat it, and all that came out.

``runs/<time>-<model>-<dataset>/`` holds ``config.yaml`` (which a later call can read),
``manifest.json`` (what the run was made with), ``log.txt``, ``metrics.jsonl``, ``results.json``,
``per_clip.csv``, ``checkpoints/`` and ``videos/``.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from talkingface.errors import CheckpointError, StorageError
from talkingface.storage.atomic import write_json, write_text


class RunFolder:
    """The paths of a run, and how its records are written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.checkpoints = path / "checkpoints"
        self.videos = path / "videos"
        self.results = path / "results.json"
        self.per_clip = path / "per_clip.csv"

    @classmethod
    def create(
        cls, root: Path, model: str, dataset: str, *, config: str, manifest: Mapping[str, Any]
    ) -> "RunFolder":
        """Make a new folder below `root`; one that exists is never used again.

        Args:
            root: where runs are kept; it is made if need be.
            model: name of the method.
            dataset: name of the dataset.
            config: text of the settings file that repeats the run.
            manifest: what the run is made with.

        Raises:
            StorageError: The folder cannot be made.
        """
        time = datetime.now().astimezone().strftime("%Y-%m-%d_%H-%M-%S")
        run = cls(_new_folder(root, f"{time}-{model}-{dataset}"))
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
        """Keep what the package says while the block runs in ``log.txt``, with times."""
        handler = logging.FileHandler(self.path / "log.txt", encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        logger = logging.getLogger("talkingface")
        logger.addHandler(handler)
        try:
            yield
        finally:
            logger.removeHandler(handler)
            handler.close()


def existing_run(path: Path) -> Path:
    """Return the folder of a run to go on with.

    Raises:
        CheckpointError: It is no run folder, or has no checkpoint.
    """
    if not (path / "config.yaml").is_file():
        raise CheckpointError(f"{path} is no run folder: it has no config.yaml.")
    if not (path / "checkpoints" / "last.json").is_file():
        raise CheckpointError(f"The run {path} has no checkpoint to go on from. Train anew.")
    return path


def newest_run(runs: Path) -> Path:
    """Return the newest run folder that has a checkpoint to go on from.

    Raises:
        CheckpointError: There is none.
    """
    with_checkpoint = list(runs.glob("*/checkpoints/last.json"))
    if not with_checkpoint:
        raise CheckpointError(f"No run in {runs} has a checkpoint to go on from. Train first.")
    return max(with_checkpoint, key=lambda path: path.stat().st_mtime_ns).parent.parent


def run_of_job(runs: Path, job: str) -> Path | None:
    """Return the newest run that a job of torchrun has made and can go on with, if there is one."""
    resumable = sorted(
        runs.glob("*/checkpoints/last.json"), key=lambda path: path.stat().st_mtime_ns
    )
    for path in reversed(resumable):
        manifest = path.parent.parent / "manifest.json"
        if manifest.is_file() and json.loads(manifest.read_text()).get("job") == job:
            return manifest.parent
    return None


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
