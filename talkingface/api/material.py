"""What a user gives in Python, a path or an array, as the engine takes it."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from talkingface.clip import Clip, FrameArray, Frames, Picture, Speech, Waveform
from talkingface.errors import DataError
from talkingface.job import ControlName
from talkingface.media.image import to_rgb
from talkingface.media.sound import HIGHEST_PEAK, SpeechArray

Portrait = str | Path | Picture | Image.Image
Sound = str | Path | Speech | tuple[NDArray[np.generic], int]
Driver = str | Path | Clip | Frames | NDArray[np.uint8] | Sequence[float]

FULL_SCALE = 32_768  # of samples of 16 bits


def portrait_of(given: Portrait) -> str | Picture:
    """Return a portrait as a path, or as a picture (H, W, 3) uint8 RGB.

    Raises:
        DataError: It is an array of another kind.
    """
    if isinstance(given, str | Path):
        return str(given)
    if isinstance(given, Image.Image):
        return to_rgb(given)
    _check_pictures(given, "A portrait", num_axes=(3,))
    return given


def speech_of(given: Sound) -> str | Speech:
    """Return speech as a path, or as what can be heard.

    Raises:
        DataError: It is an array that is no mono sound.
    """
    if isinstance(given, str | Path):
        return str(given)
    if not isinstance(given, tuple):
        return given
    waveform, sample_rate_hz = given
    return SpeechArray(waveform_of(waveform), int(sample_rate_hz))


def waveform_of(given: NDArray[np.generic]) -> Waveform:
    """Return sound in memory as a waveform, (L,) in [-1, 1].

    Raises:
        DataError: It is an array that is no mono sound.
    """
    samples = np.asarray(given)
    is_deep = samples.dtype == np.int16
    if samples.ndim != 1 or not (is_deep or np.issubdtype(samples.dtype, np.floating)):
        raise DataError(
            "Speech in memory has a sample rate, and the waveform (L,) of numbers in [-1, 1] or of "
            f"int16; this one is {samples.shape} of {samples.dtype}."
        )
    scaled = samples.astype(np.float32) / np.float32(FULL_SCALE if is_deep else 1)
    if not np.isfinite(scaled).all() or np.abs(scaled).max(initial=0) > HIGHEST_PEAK:
        raise DataError(
            "The waveform holds values that are not numbers, or far above 1, where 1 is full "
            "scale. Divide it by its full scale."
        )
    return scaled.clip(-1, 1)


def driver_of(name: ControlName, given: Driver, fps: Fraction) -> str | Clip:
    """Return who drives a control, as text as on the command line or as a clip.

    Args:
        name: the control.
        given: a path, which may end in a moment; a clip; frames, pictures (T, H, W, 3) or (H, W, 3)
            uint8 RGB; or angles in degrees.
        fps: pictures a second that the method makes; so are bare arrays read.

    Raises:
        DataError: It is an array of another kind, or frames at another rate.
    """
    if isinstance(given, str | Path):
        return str(given)
    if isinstance(given, np.ndarray):
        _check_pictures(given, f"Who drives the control {name!r}", num_axes=(3, 4))
        return Clip(name, FrameArray(given if given.ndim == 4 else given[None], fps))
    if isinstance(given, Sequence):
        return ",".join(f"{angle:g}" for angle in given)
    clip = given if isinstance(given, Clip) else Clip(name, given)
    if clip.frames is not None and clip.frames.fps != fps:
        raise DataError(
            f"Who drives the control {name!r} has {float(clip.frames.fps):g} pictures a second, "
            f"and the method makes {float(fps):g}. Give the path of the video, or read it with "
            f"open_frames(path, fps={float(fps):g})."
        )
    return clip


def _check_pictures(given: object, what: str, num_axes: tuple[int, ...]) -> None:
    array = np.asarray(given)
    if array.dtype != np.uint8 or array.ndim not in num_axes or array.shape[-1] != 3:
        shapes = " or ".join({3: "(H, W, 3)", 4: "(T, H, W, 3)"}[axes] for axes in num_axes)
        raise DataError(
            f"{what} in memory is an array {shapes} of uint8 RGB; this one is {array.shape} of "
            f"{array.dtype}."
        )
