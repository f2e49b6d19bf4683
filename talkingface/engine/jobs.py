"""Turns clips into jobs: what a method is asked to make of them."""

from collections.abc import Iterable

from talkingface.clip import Clip, Picture
from talkingface.errors import DataError
from talkingface.job import Control, ControlName, Job


def self_driven(clip: Clip, controls: Iterable[ControlName]) -> Job:
    """Return the job of making a clip again: its portrait speaks its own sound.

    The portraits are the clip's own ``reference`` pictures, or else its first frame. Every control
    but the lips follows the frames that the clip has for it, or else its own; the lips follow the
    sound.

    Raises:
        DataError: The clip has no picture of the person, or no sound.
    """
    portraits = _portraits(clip)
    if clip.speech is None:
        raise DataError(f"{clip.name} has no sound, so nobody can be made to say it.")
    sources = {name: Control(None if name == "lip" else driver_of(clip, name)) for name in controls}
    return Job(clip.name, portraits, clip.speech, sources, clip.frames, subject_of(clip))


def subject_of(clip: Clip) -> Clip | None:
    """Return the clip whose frames its portraits are: itself, unless it has pictures for them."""
    return None if clip.sources.get("reference") else clip


def driver_of(clip: Clip, name: ControlName) -> Clip:
    """Return who drives a control: whoever the clip has for it, or the clip itself."""
    frames = clip.sources.get(name)
    return clip if frames is None else Clip(f"{clip.name}_{name}", frames)


def _portraits(clip: Clip) -> tuple[Picture, ...]:
    reference = clip.sources.get("reference")
    if reference:
        return tuple(reference)
    if clip.frames is None or len(clip.frames) == 0:
        raise DataError(f"{clip.name} has no frames to take a portrait from.")
    return (clip.frames.read(0, 1)[0],)
