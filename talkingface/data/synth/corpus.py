"""The SynthTalk corpus on disk: made in parallel, taken up where it was left, opened by split.

A folder holds `recipe.json`, `manifest.jsonl` (one row a clip), `clips/` and one contact sheet a
split. The same recipe gives the same bytes, however many processes made it.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Literal

import cv2

from talkingface.clip import Clip
from talkingface.data.synth.camera import FramingName
from talkingface.data.synth.clips import finished_row, make_clip, open_clip
from talkingface.data.synth.contact_sheet import contact_sheet
from talkingface.data.synth.recipe import SIZES, SPLITS, ClipPlan, Recipe, SynthTalkSizes
from talkingface.errors import ConfigError, DataError, RunError, did_you_mean
from talkingface.media import write_picture
from talkingface.storage.atomic import make_folder, remove_strays, write_json, write_text

Progress = Callable[[int, int], None]  # called with how many clips are done, and of how many

_CLIPS_A_PROCESS = 6  # for fewer, starting a process costs more than it gains


def make_corpus(
    folder: str | Path,
    size: Literal["default", "tiny", "faces"] | SynthTalkSizes = "default",
    seed: int = 0,
    image_px: int = 112,
    workers: int | None = None,
    progress: Progress | None = None,
    shows: FramingName = "face",
) -> Path:
    """Make what is missing of a corpus and return the path of its manifest.

    Args:
        folder: where it lies; made where it is missing.
        size: how many clips, by name or in numbers.
        seed: another seed gives other people and sentences.
        image_px: side of a picture.
        workers: processes that draw at once; none for one a core. A script that asks for more than
            one must do so below ``if __name__ == "__main__"``.
        progress: called after each clip.
        shows: the face as PC-AVS and PD-FGC know it, or head and shoulders.

    Raises:
        DataError: the folder holds another corpus.
        StorageError: a file cannot be written.
    """
    place = Path(folder)
    recipe = Recipe(_sizes(size), seed, image_px, shows)
    make_folder(place / "clips")
    _claim(place, recipe)
    remove_strays(place / "clips")
    plans = list(recipe.plans())
    missing = [plan for plan in plans if finished_row(plan, place) is None]
    for done, _ in enumerate(_made(missing, place, workers), start=len(plans) - len(missing) + 1):
        if progress is not None:
            progress(done, len(plans))
    return _finish(place, plans, redraw=bool(missing))


def load_split(folder: str | Path, split: str) -> list[Clip]:
    """Return the clips of a split, in the manifest's order; nothing is decoded yet.

    Raises:
        DataError: there is no corpus in the folder, or no such split.
    """
    if split not in SPLITS:
        raise DataError(f"SynthTalk has no split {split!r}. Choose one of {', '.join(SPLITS)}.")
    place = Path(folder)
    return [open_clip(row, place) for row in rows_of(place) if row["split"] == split]


def rows_of(folder: Path) -> list[dict[str, object]]:
    """Return the rows of a corpus's manifest.

    Raises:
        DataError: the manifest is missing or damaged.
    """
    return [dict(json.loads(line)) for line in _manifest(folder).splitlines()]


def fingerprint(folder: str | Path) -> str:
    """Return a short text that is another one whenever a clip of the corpus is another.

    Raises:
        DataError: there is no corpus in the folder.
    """
    return hashlib.sha256(_manifest(Path(folder)).encode()).hexdigest()[:16]


def _manifest(folder: Path) -> str:
    try:
        return (folder / "manifest.jsonl").read_text(encoding="utf-8")
    except OSError as error:
        raise DataError(
            f"{folder} holds no complete SynthTalk corpus: manifest.jsonl is missing. "
            "Make it with the step `preprocess`, or with talkingface.data.synth.make_corpus."
        ) from error


def _sizes(size: str | SynthTalkSizes) -> SynthTalkSizes:
    if isinstance(size, SynthTalkSizes):
        return size
    if size not in SIZES:
        raise ConfigError(
            f"SynthTalk has no size {size!r}.{did_you_mean(size, SIZES)} "
            f"Choose one of {', '.join(SIZES)}, or give SynthTalkSizes."
        )
    return SIZES[size]


def _claim(folder: Path, recipe: Recipe) -> None:
    """Write the recipe into the folder, or check that it is the one that is there."""
    path = folder / "recipe.json"
    wanted = recipe.as_json()
    if not path.exists():
        write_json(path, wanted)
        return
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        found = None
    if found != wanted:
        raise DataError(
            f"{folder} holds a SynthTalk corpus of another recipe (see recipe.json there). "
            "Choose another folder, or remove this one."
        )


def _made(plans: Sequence[ClipPlan], folder: Path, workers: int | None) -> Iterator[None]:
    """Make clips and yield after each."""
    worthwhile = min(os.cpu_count() or 1, len(plans) // _CLIPS_A_PROCESS)
    processes = min(workers or worthwhile, len(plans))
    if processes <= 1:
        for plan in plans:
            make_clip(plan, folder)
            yield
        return
    # Fresh processes: a copy of this one would take over its threads and locks half way.
    pool = ProcessPoolExecutor(processes, get_context("spawn"), initializer=_draw_on_one_core)
    try:
        for job in as_completed([pool.submit(make_clip, plan, folder) for plan in plans]):
            job.result()  # raises what went wrong there
            yield
    except BrokenProcessPool as error:
        raise RunError(
            "A process that draws SynthTalk was ended from outside, perhaps for want of memory. "
            "Run it again, with fewer workers if so: what is done stays done."
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _draw_on_one_core() -> None:
    cv2.setNumThreads(1)


def _finish(folder: Path, plans: Sequence[ClipPlan], redraw: bool) -> Path:
    """Write manifest and contact sheets."""
    manifest = folder / "manifest.jsonl"
    order = {split: index for index, split in enumerate(SPLITS)}
    rows = []
    for plan in sorted(plans, key=lambda plan: (order[plan.split], plan.name)):
        row = finished_row(plan, folder)
        assert row is not None, f"{plan.name} was just made"
        rows.append(row)
    write_text(manifest, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    for split in SPLITS:
        sheet = folder / f"{split}.jpg"
        if redraw or not sheet.exists():
            clips = [open_clip(row, folder) for row in rows if row["split"] == split]
            if clips:
                write_picture(sheet, contact_sheet(clips))
    return manifest
