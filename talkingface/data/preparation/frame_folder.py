"""Writes folders of numbered pictures, the form in which PC-AVS and PD-FGC keep frames."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import cv2

from talkingface.clip import Picture
from talkingface.errors import StorageError
from talkingface.storage.atomic import make_folder, reason_of, temporary_folder

JPEG_QUALITY = 95  # no loss that the eye sees


def numbered(pictures: Iterable[Picture]) -> Iterable[tuple[str, Picture]]:
    """Yield each picture with its name: ``000000.jpg``, ``000001.jpg``, ..."""
    return ((f"{index:06d}.jpg", picture) for index, picture in enumerate(pictures))


def write_frame_folder(folder: Path, named: Iterable[tuple[str, Picture]]) -> int:
    """Write named pictures to a folder that appears when it is whole, and return their number.

    A folder that stands there is replaced. Single pictures are not flushed to the disk: a folder
    that a crash of the machine leaves incomplete has no receipt and is made again.

    Raises:
        StorageError: a picture cannot be written.
    """
    make_folder(folder.parent)
    count = 0
    with temporary_folder(folder.parent, folder.name) as near:
        draft = near / "frames"
        make_folder(draft)
        for name, picture in named:
            _write(draft / name, picture)
            count += 1
        if folder.exists():
            shutil.rmtree(folder)
        draft.rename(folder)
    return count


def _write(path: Path, picture: Picture) -> None:
    bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    _, content = cv2.imencode(path.suffix, bgr, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    try:
        path.write_bytes(content.tobytes())
    except OSError as error:
        raise StorageError(f"{path} could not be written: {reason_of(error)}.") from error
