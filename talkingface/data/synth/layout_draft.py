"""Writing a layout: a folder that appears when it is whole."""

import shutil
import wave
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np

from talkingface.clip import Clip, Picture, Speech
from talkingface.data.synth.clips import sixteen_bit
from talkingface.data.synth.voice import SAMPLE_RATE_HZ
from talkingface.errors import DataError
from talkingface.storage.atomic import make_folder, temporary_folder

Progress = Callable[[int, int], None]  # called with how many clips are done, and of how many


@contextmanager
def draft_of(folder: Path) -> Iterator[Path]:
    """Yield an empty folder that becomes `folder` when the block ends well.

    Raises:
        DataError: `folder` exists already.
    """
    if folder.exists():
        raise DataError(f"{folder} exists already. Choose another folder, or remove this one.")
    make_folder(folder.parent)
    with temporary_folder(folder.parent, folder.name) as draft:
        yield draft
        draft.chmod(0o755)
        draft.replace(folder)


def write_numbered(folder: Path, pictures: Iterable[Picture]) -> int:
    """Write pictures as 000000.jpg, 000001.jpg... and return how many there were."""
    make_folder(folder)
    count = 0
    for picture in pictures:
        _, content = cv2.imencode(".jpg", picture[..., ::-1], (cv2.IMWRITE_JPEG_QUALITY, 95))
        (folder / f"{count:06d}.jpg").write_bytes(content.tobytes())
        count += 1
    return count


def copy_numbered(source: Path, folder: Path) -> None:
    """Copy a folder of pictures."""
    make_folder(folder.parent)
    shutil.copytree(source, folder)


def write_wav(path: Path, speech: Speech) -> None:
    """Write speech as 16 bit mono at 16 kHz."""
    make_folder(path.parent)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE_HZ, 0, "NONE", "not compressed"))
        file.writeframes(sixteen_bit(speech.read(SAMPLE_RATE_HZ)).tobytes())


def speech_of(clip: Clip) -> Speech:
    """Return the speech of a clip.

    Raises:
        DataError: it has none.
    """
    if clip.speech is None:
        raise DataError(f"The clip {clip.name} is silent. Give a clip with speech.")
    return clip.speech


def save_array(path: Path, array: "np.ndarray[tuple[int, ...], np.dtype[np.generic]]") -> None:
    """Write an array file."""
    make_folder(path.parent)
    np.save(path, array, allow_pickle=False)
