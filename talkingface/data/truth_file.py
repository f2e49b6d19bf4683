"""What is known of a clip's frames, kept beside them as one npz file of named arrays.

``landmarks`` (T, 68, 2) and ``landmarks_3d`` (T, 68, 3) are in pixels of the frames as they lie on
the disk, ``pose`` (T, 3) is yaw, pitch and roll in radians. SynthTalk knows more. ``identity`` is
the person's name.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from talkingface.errors import DataError
from talkingface.face.align.crop import Crop, points_in
from talkingface.storage.atomic import atomic_file, make_folder

UNREADABLE = (OSError, ValueError, KeyError, EOFError, BadZipFile)
IDENTITY = "identity"
POINTS = ("landmarks", "landmarks_3d")
Known = Mapping[str, Callable[[], NDArray[np.float32]]]


def write_truth(path: Path, arrays: Mapping[str, NDArray[Any]], identity: str = "") -> None:
    """Write named arrays, one row a frame, and whom the frames show."""
    make_folder(path.parent)
    named: dict[str, Any] = {name: np.asarray(array) for name, array in arrays.items()}
    if identity:
        named[IDENTITY] = np.array(identity)
    with atomic_file(path) as file:
        np.savez(file, **named)


def known_in(path: Path, crop: Crop | None = None) -> Known:
    """Return what a truth file knows, each array read when it is asked for; none without a file.

    Args:
        path: the file.
        crop: what the clip shows of its frames; landmarks are moved along.
    """
    if not path.is_file():
        return {}

    def reader(name: str) -> Callable[[], NDArray[np.float32]]:
        def read() -> NDArray[np.float32]:
            array = _array(path, name)
            moved = points_in(crop, array) if crop is not None and name in POINTS else array
            return np.asarray(moved, dtype=np.float32)

        return read

    return {name: reader(name) for name in _names(path) if name != IDENTITY}


def identity_in(path: Path) -> str:
    """Return whom the frames show, or an empty text where that is not known."""
    if not path.is_file() or IDENTITY not in _names(path):
        return ""
    return str(_array(path, IDENTITY))


def _names(path: Path) -> list[str]:
    try:
        with np.load(path, allow_pickle=False) as file:
            return list(file.files)
    except UNREADABLE as error:
        raise _damaged(path, error) from error


def _array(path: Path, name: str) -> NDArray[Any]:
    try:
        with np.load(path, allow_pickle=False) as file:
            return np.asarray(file[name])
    except UNREADABLE as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> DataError:
    return DataError(
        f"{path} cannot be read as what is known of a clip ({error}). Remove it and make it again."
    )
