"""Miniature corpora: folders of the shape in which the real ones come, with half-second videos."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from tests.filming import film, numbered, record

NUM_PICTURES = 12
PICTURE_CODECS = {".mp4": "libx264", ".mpg": "mpeg1video", ".flv": "flv1"}
SOUND_CODECS = {".mp4": "aac", ".mpg": "mp2", ".flv": "aac"}
ALONE = {".m4a": "aac", ".wav": "pcm_s16le"}  # sound without pictures


def tone(seconds: float = NUM_PICTURES / 25, pitch_hz: float = 440.0) -> np.ndarray:
    times = np.arange(round(seconds * 16000)) / 16000
    return (0.5 * np.sin(2 * np.pi * pitch_hz * times)).astype(np.float32)


def tiny_video(path: Path, first: int = 0, *, with_sound: bool = True) -> Path:
    """Write a video whose pictures count up from `first`, as its suffix says."""
    return film(
        path,
        [numbered(first + index) for index in range(NUM_PICTURES)],
        codec=PICTURE_CODECS[path.suffix],
        sound=tone() if with_sound else None,
        sound_codec=SOUND_CODECS[path.suffix],
    )


def tree(folder: Path, files: Iterable[str]) -> Path:
    """Make a folder of files whose content nobody reads: listing a corpus opens none."""
    for file in files:
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"-")
    return folder


def filmed_tree(folder: Path, files: Iterable[str]) -> Path:
    """Make a folder of real videos and sounds, encoded once for each kind; others empty."""
    patterns: dict[str, Path] = {}
    for file in files:
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix in patterns:
            shutil.copyfile(patterns[path.suffix], path)
        else:
            patterns[path.suffix] = _made(path)
    return folder


def _made(path: Path) -> Path:
    if path.suffix in ALONE:
        return record(path, tone(), ALONE[path.suffix])
    if path.suffix in PICTURE_CODECS:
        return tiny_video(path)
    path.touch()
    return path
