"""Makes the videos that are asked for, one after the other, each streamed to its file."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from talkingface.clip import Picture
from talkingface.config.settings import GenerateSettings, Settings
from talkingface.engine.build import seed_everything
from talkingface.engine.drawn_pictures import generated_pictures
from talkingface.engine.kept_motion import keep_motion
from talkingface.engine.opening import Opened, open_request
from talkingface.engine.panels import keeping_panels
from talkingface.engine.requests import Request
from talkingface.errors import StorageError, TalkingFaceError, UsageError
from talkingface.job import ControlName
from talkingface.media.mark import marked
from talkingface.media.writer import open_writer
from talkingface.models.base import TalkingFaceModel
from talkingface.registry import ModelSpec
from talkingface.storage.atomic import make_folder

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Made:
    """What became of a request."""

    name: str
    video: str = ""  # path, where there is one now
    failure: str = ""
    was_there: bool = False


def check_controls(
    requests: Sequence[Request], spec: ModelSpec, all_models: Iterable[ModelSpec]
) -> None:
    """Refuse controls that a method does not have.

    Raises:
        UsageError: It names the models that have the control.
    """
    asked: set[ControlName] = {name for request in requests for name in request.controls}
    for name in sorted(asked - spec.controls):
        able = [model.name for model in all_models if name in model.controls]
        raise UsageError(
            f"{spec.name} has no control {name!r}. "
            f"Models that have it: {', '.join(able) or 'none'}."
        )


def check_streaming(spec: ModelSpec, all_models: Iterable[ModelSpec]) -> None:
    """Refuse to stream with a method that must hear the whole speech first.

    Raises:
        UsageError: It names the models that can.
    """
    if spec.look_ahead_ms is None:
        able = [model.name for model in all_models if model.look_ahead_ms is not None]
        raise UsageError(
            f"{spec.name} hears the whole speech before it draws, so it cannot stream. "
            f"Models that can: {', '.join(able)}."
        )


def check_placing(settings: GenerateSettings, spec: ModelSpec) -> None:
    """Refuse to put back what was not cut out.

    Raises:
        UsageError: It says what to write.
    """
    if settings.paste_back and not settings.align:
        raise UsageError("--paste_back puts back what --align has cut out. Write both.")
    if settings.paste_back and not spec.needs_portrait:
        raise UsageError(
            f"{spec.name} finds a face of its own, so there is no portrait to put it back into. "
            "Leave --paste_back out."
        )


def placed(settings: GenerateSettings, model: TalkingFaceModel) -> GenerateSettings:
    """Return the settings without cutting out and putting back where that changes nothing."""
    if not settings.align or model.view != "whole":
        return settings
    logger.info(
        "%s moves the face within the whole picture: --align and --paste_back change nothing.",
        model.settings.name,
    )
    return replace(settings, align=False, paste_back=False)


def generate(
    model: TalkingFaceModel,
    requests: Sequence[Request],
    settings: Settings,
    panels: Path,
    progress: Callable[[int, int | None], None],
) -> list[Made]:
    """Make each video; one that fails is noted, and the others go on.

    In a list, a video that is there already is left as it is. A single one that is there is an
    error, unless it may be replaced. What is shown beside a video is kept in the folder `panels`,
    below its name, where that is asked for. Progress is in videos, or in the frames of a single
    one.
    """
    settings = replace(settings, generate=placed(settings.generate, model))
    made = []
    is_single = len(requests) == 1
    for index, request in enumerate(requests, start=1):
        in_frames = progress if is_single else _unseen
        made.append(_make(model, request, settings, panels / request.name, in_frames))
        if not is_single:
            progress(index, len(requests))
    return made


def _unseen(done: int, total: int | None) -> None:
    """Show nothing of the frames of one video among many."""


def _make(
    model: TalkingFaceModel,
    request: Request,
    settings: Settings,
    panels: Path,
    progress: Callable[[int, int | None], None],
) -> Made:
    if request.fault:
        logger.warning("%s could not be made: %s", request.name, request.fault)
        return Made(request.name, failure=request.fault)
    in_list = bool(settings.generate.jobs)
    if request.out.exists() and not settings.generate.overwrite:
        if in_list:
            return Made(request.name, str(request.out), was_there=True)
        raise StorageError(
            f"{request.out} exists. Choose another --out, or write --overwrite to replace it."
        )
    try:
        for done, total in writing(model, request, settings, panels):
            progress(done, total)
    except TalkingFaceError as error:
        if not in_list:
            raise
        logger.warning("%s could not be made: %s", request.name, error)
        return Made(request.name, failure=str(error))
    return Made(request.name, str(request.out))


def writing(
    model: TalkingFaceModel, request: Request, settings: Settings, panels: Path
) -> Iterator[tuple[int, int]]:
    """Write a video, and yield after each frame how many are done and of about how many.

    The file appears at the end; who asks for no more frames before it leaves nothing behind.

    Raises:
        TalkingFaceError: Something that is given cannot be used, or the file cannot be written.
    """
    seed_everything(settings.seed)  # for each video anew: none depends on those before it
    chosen = settings.generate
    opened = open_request(request, model.fps, chosen.strength, align=chosen.align, view=model.view)
    job = opened.job
    make_folder(request.out.parent)
    if chosen.keep_motion:
        with torch.inference_mode():
            keep_motion(model, job, Path(chosen.keep_motion), overwrite=chosen.overwrite)
    pictures = generated_pictures(model, job)
    if request.with_panels:
        pictures = keeping_panels(pictures, model.panels(job), panels, model.fps, job.speech)
    num_frames = model.num_frames(job)
    with open_writer(request.out, model.fps, job.speech, overwrite=chosen.overwrite) as writer:
        for done, picture in enumerate(as_shown(pictures, opened, chosen), start=1):
            writer.add(picture)
            yield done, num_frames


def as_shown(
    pictures: Iterator[Picture], opened: Opened, settings: GenerateSettings
) -> Iterator[Picture]:
    """Yield generated pictures as the video shows them: put back into the portrait, marked."""
    if settings.paste_back:
        pictures = opened.pasted(pictures)
    return marked(pictures) if settings.mark else pictures


def failures_of(made: Sequence[Made]) -> Mapping[str, str]:
    """Return the reason for each request that could not be made."""
    return {one.name: one.failure for one in made if one.failure}
