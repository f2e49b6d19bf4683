"""Keeps the motion of who drives a job, so that it can drive others without being seen again."""

import logging
from pathlib import Path

from talkingface.clip import Clip
from talkingface.data.truth_file import write_truth
from talkingface.engine.drivers import SAVED_SUFFIX
from talkingface.errors import UsageError
from talkingface.job import Job
from talkingface.models.base import TalkingFaceModel

logger = logging.getLogger(__name__)


def keep_motion(model: TalkingFaceModel, job: Job, folder: Path, *, overwrite: bool) -> None:
    """Write the motion of each clip that drives a job to a file of its name.

    A file that is there already is left, unless it may be replaced.

    Raises:
        UsageError: The method keeps no motion, or two clips have one name.
        StorageError: A file cannot be written.
    """
    for name, clip in drivers_by_name(job).items():
        path = folder / f"{name}{SAVED_SUFFIX}"
        if path.exists() and not overwrite:
            logger.info("%s is there already, and left as it is.", path)
            continue
        write_truth(path, model.motion_of(clip))
        logger.info("The motion of %s is in %s.", name, path)


def drivers_by_name(job: Job) -> dict[str, Clip]:
    """Return the clips with pictures that drive a job.

    Raises:
        UsageError: Two of them have one name.
    """
    found: dict[str, Clip] = {}
    for control in job.controls.values():
        clip = control.source
        if not isinstance(clip, Clip) or clip.frames is None:
            continue
        if found.setdefault(clip.name, clip).frames is not clip.frames:
            raise UsageError(
                f"Two drivers of {job.name} are called {clip.name}, so their motion cannot be kept "
                "in one folder. Rename one, or keep the motion of one at a time."
            )
    return found
