"""What is scored: a clip that a method is to make or that is there already, and what it is like.

A trial is opened when its turn comes, so that a clip which cannot be read is one row with its
reason.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import get_args

from talkingface.clip import Clip, Frames, Picture, Speech
from talkingface.errors import DataError
from talkingface.job import CONTROL_NAMES, Job
from talkingface.metrics.base import Compared

COMPARED: tuple[Compared, ...] = get_args(Compared)
MOVEMENT: tuple[Compared, ...] = CONTROL_NAMES


@dataclass(frozen=True)
class Trial:
    """One clip, and what to compare it with.

    Args:
        own: the real clip by which lengths and sizes go, and whose faces are alike. Without frames
            there is no truth, and only what needs none can be scored.
        references: by what is compared, the clip that shows how it should be. Those of other
            factors than ``pictures`` may show somebody else; all are as long as `own`.
        job: what a method is to make; None where `made` is there already.
        made: frames, and sound where there is some, that were made elsewhere.
        portrait: the picture that gave the identity.
        other_speech: what somebody else says, as long as the speech of the job.
    """

    own: Clip
    references: Mapping[Compared, Clip]
    job: Job | None = None
    made: Clip | None = None
    portrait: Picture | None = None
    other_speech: Speech | None = None

    @property
    def heard(self) -> Speech | None:
        """What is heard with the generated frames."""
        if self.made is not None:
            return self.made.speech
        assert self.job is not None, "a trial has a job or is made already"
        return self.job.speech

    @property
    def truth(self) -> Frames | None:
        """The frames of the real clip, or None where there is no truth.

        Raises:
            DataError: it has frames, but not one.
        """
        if self.own.frames is not None and len(self.own.frames) == 0:
            raise DataError(f"{self.own.name} has no frames to compare with.")
        return self.own.frames


@dataclass(frozen=True)
class Task:
    """A trial by its name, opened when its turn comes.

    `open` raises a `TalkingFaceError` where something cannot be read.
    """

    name: str
    open: Callable[[], Trial]
