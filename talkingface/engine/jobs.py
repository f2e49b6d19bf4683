"""Turns clips into jobs: what a method is asked to make of them."""

from collections.abc import Iterable

from talkingface.clip import Clip
from talkingface.errors import DataError
from talkingface.job import Control, ControlName, Job


def self_driven(clip: Clip, controls: Iterable[ControlName]) -> Job:
    """Return the job of making a clip again: its portrait speaks its own sound.

    The portraits are the clip's own ``reference`` pictures, or else its first frame. Every control
    but the lips follows the frames that the clip has for it, or else its own; the lips follow the
    sound.

    Raises:
        DataError: The clip has no frames or no sound.
    """
    if clip.frames is None or len(clip.frames) == 0:
        raise DataError(f"{clip.name} has no frames to take a portrait from.")
    if clip.speech is None:
        raise DataError(f"{clip.name} has no sound, so nobody can be made to say it.")
    sources = {name: Control(None if name == "lip" else _driver(clip, name)) for name in controls}
    reference = clip.sources.get("reference")
    portraits = tuple(reference) if reference else (clip.frames.read(0, 1)[0],)
    return Job(clip.name, portraits, clip.speech, sources)


def _driver(clip: Clip, name: ControlName) -> Clip:
    """Return who drives a control: whoever the clip has for it, or the clip itself."""
    frames = clip.sources.get(name)
    return clip if frames is None else Clip(f"{clip.name}_{name}", frames)
