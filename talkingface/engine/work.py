"""What an evaluation has to do: clips of a dataset or a list to be made, or files to be scored."""

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch

from talkingface.clip import Clip
from talkingface.config.settings import EvaluateSettings, Settings
from talkingface.data.base import TalkingFaceDataset
from talkingface.engine.build import build_model
from talkingface.engine.control_matrix import people_of
from talkingface.engine.framing import warn_of_another_place
from talkingface.engine.paper_numbers import PaperNumber, paper_numbers
from talkingface.engine.protocols import compared_in, tasks_of
from talkingface.engine.ranks import Ranks
from talkingface.engine.trials import COMPARED, Task
from talkingface.engine.video_files import tasks_of_files, tasks_of_list
from talkingface.errors import DataError
from talkingface.face.align.view import View
from talkingface.job import ControlName
from talkingface.metrics.base import Compared
from talkingface.metrics.drawn_faces import shows_drawn_faces
from talkingface.models.base import TalkingFaceModel
from talkingface.registry import ModelSpec
from talkingface.storage.digest import sha256_of

logger = logging.getLogger(__name__)

LAYOUTS: Mapping[View, str] = {"face": "PC_AVSDataset", "head": "Rhythmic_Head_MotionDataset"}


@dataclass(frozen=True)
class Work:
    """Clips to be made and scored, or only scored.

    Args:
        method: the name of who made or makes them.
        weights: a sentence part that says with which weights.
        dataset: where the real clips are from.
        protocol: who drives whom.
        tasks: the clips.
        compared: what of a clip there is something to compare with.
        model: what makes the clips; None where they are made already.
        controls: those of the model.
        weights_sha256: of the file of weights, where there is one.
        people: clips of drawn people on whom the controls are moved, if that is asked for.
        list_sha256: of the list of clips, where one was given.
        extra: generated videos that nothing is compared with.
        paper: what a paper reports for this method and these clips, by metric.
    """

    method: str
    weights: str
    dataset: str
    protocol: str
    tasks: Sequence[Task] = ()
    compared: frozenset[Compared] = frozenset(COMPARED)
    model: TalkingFaceModel | None = None
    controls: frozenset[ControlName] = frozenset()
    weights_sha256: str = ""
    people: Sequence[tuple[Clip, Clip]] = ()
    list_sha256: str = ""
    extra: Sequence[str] = ()
    paper: dict[str, PaperNumber] = field(default_factory=dict)


def work_of_model(
    settings: Settings, spec: ModelSpec, dataset: TalkingFaceDataset | None, ranks: Ranks
) -> Work:
    """Return the work of generating and scoring clips of a dataset, or of a list where it is None.

    Raises:
        TalkingFaceError: The weights, the dataset or the list cannot be used.
    """
    torch.manual_seed(settings.seed)
    chosen, name = settings.evaluate, settings.dataset.name
    built = build_model(spec, settings)
    logger.info("%s with %s.", spec.name, built.weights)
    work = Work(
        spec.name,
        built.weights,
        str(chosen.clip_list),
        "list",
        model=built.model,
        controls=spec.controls,
        weights_sha256=built.found.sha256() if built.found else "",
    )
    if dataset is None:
        listed = tasks_of_list(chosen, spec.controls)
        return replace(work, tasks=listed, list_sha256=sha256_of(Path(str(chosen.clip_list))))
    tasks = tasks_of(dataset, settings, spec.controls, spec.name)
    clips = dataset.clips(chosen.split)
    if spec.controls and ranks.is_first:
        _check_framing(clips[0], built.model.view)
    of_paper = chosen.protocol == "self" and chosen.split == "test"
    return replace(
        work,
        dataset=name,
        protocol=chosen.protocol,
        tasks=tasks,
        compared=compared_in(chosen.protocol),
        people=people_of(clips, chosen.control_people) if chosen.controls else (),
        paper=paper_numbers(spec.name, name) if of_paper else {},
    )


def work_of_files(settings: EvaluateSettings) -> Work:
    """Return the work of scoring videos that were made elsewhere.

    Raises:
        TalkingFaceError: The folders or the list cannot be used.
    """
    found = tasks_of_files(settings)
    for name in found.extra:
        logger.warning("%s in %s is compared with nothing.", name, settings.generated)
    return Work(
        str(settings.generated),
        "made elsewhere",
        str(settings.clip_list or settings.reference),
        "files",
        tasks=found.tasks,
        list_sha256=sha256_of(Path(settings.clip_list)) if settings.clip_list else "",
        extra=found.extra,
    )


def _check_framing(clip: Clip, view: View) -> None:
    """Warn when filmed faces lie where a method does not know them; drawn ones lie in its view."""
    if clip.frames is None or shows_drawn_faces(clip) or view not in LAYOUTS:
        return
    cure = f"Cut the faces out first: preprocess --dataset={LAYOUTS[view]} --input=FOLDER."
    with suppress(DataError):  # a clip that cannot be read has a row that says so
        warn_of_another_place(clip.frames.read(0, 1)[0], clip.name, cure, view)
