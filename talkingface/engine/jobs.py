"""Turns clips into jobs: what a method is asked to make of them."""

from collections.abc import Iterable

from talkingface.clip import Clip
from talkingface.errors import DataError
from talkingface.job import Control, ControlName, Job


def self_driven(clip: Clip, controls: Iterable[ControlName]) -> Job:
    """Return the job of making a clip again: its first frame speaks its own sound.

    Every control but the lips follows the clip's own frames; the lips follow the sound.

    Raises:
        DataError: The clip has no frames or no sound.
    """
    if clip.frames is None or len(clip.frames) == 0:
        raise DataError(f"{clip.name} has no frames to take a portrait from.")
    if clip.speech is None:
        raise DataError(f"{clip.name} has no sound, so nobody can be made to say it.")
    sources = {name: Control(None if name == "lip" else clip) for name in controls}
    return Job(clip.name, (clip.frames.read(0, 1)[0],), clip.speech, sources)
