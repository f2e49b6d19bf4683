"""Frames and speech that lie in files, which are opened when something is first asked of them.

A dataset of a million clips is listed without opening one of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Frames, Picture, Speech, Waveform
from talkingface.media import open_frames, open_speech
from talkingface.media.coding import codec_of, sample_rate_of
from talkingface.media.container import audio_stream, open_container

# What counts as a video where a folder is searched; a file that is named is opened in any case.
VIDEO_SUFFIXES = (
    ".mp4",
    ".m4v",
    ".mov",
    ".mkv",
    ".webm",
    ".avi",
    ".mpg",
    ".mpeg",
    ".ts",
    ".flv",
    ".wmv",
    ".ogv",
)


@dataclass(frozen=True)
class FileFrames:
    """The pictures of a video, or of a folder of numbered pictures, as `Frames`."""

    path: Path
    read_fps: Fraction | None = None  # the rate to read at; None for the file's own

    @property
    def fps(self) -> Fraction:
        """Pictures a second."""
        return self.read_fps or self._opened.fps

    def __len__(self) -> int:
        return len(self._opened)

    def __iter__(self) -> Iterator[Picture]:
        return iter(self._opened)

    def read(self, start: int, stop: int) -> NDArray[np.uint8]:
        """Return pictures `start` to `stop` - 1, (T, H, W, 3)."""
        return self._opened.read(start, stop)

    @property
    def codec(self) -> str:
        """How the pictures are stored, such as h264 or jpg."""
        return codec_of(self._opened)

    def at_own_rate(self) -> Frames:
        """Return the pictures at the rate that the file itself has."""
        return open_frames(self.path)

    @cached_property
    def _opened(self) -> Frames:
        return open_frames(self.path, self.read_fps)


@dataclass(frozen=True)
class FileSpeech:
    """The sound of the first of several files that is there, as `Speech`.

    Some corpora come with their sound apart, some people have it in the video only.
    """

    paths: tuple[Path, ...]

    @property
    def seconds(self) -> float:
        """Length of the track."""
        return self._opened.seconds

    def read(self, sample_rate_hz: int) -> Waveform:
        """Return the whole track, (L,) float32 in [-1, 1], at the rate that is asked for."""
        return self._opened.read(sample_rate_hz)

    @property
    def sample_rate_hz(self) -> int:
        """Samples a second of the track itself."""
        return sample_rate_of(self._opened)

    def has_track(self) -> bool:
        """Return whether there is a track of sound in the file at all.

        Raises:
            DataError: the file is missing or damaged.
        """
        with open_container(self._path) as container:
            return audio_stream(container) is not None

    @property
    def _path(self) -> Path:
        return next((path for path in self.paths if path.exists()), self.paths[-1])

    @cached_property
    def _opened(self) -> Speech:
        return open_speech(self._path)
