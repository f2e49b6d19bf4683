"""How faces are read for scores, by readers that are opened when a metric first asks."""

from collections.abc import Callable
from functools import cached_property
from typing import Literal

from talkingface.clip import Clip, Picture
from talkingface.errors import PluginError
from talkingface.face.landmarks import Face, FaceFinder, open_finder
from talkingface.face.landmarks.finder import DEFAULT_BACK_END
from talkingface.face.reader import FaceReader, open_reader
from talkingface.face.reader.reader import NAME as SYNTHTALK_READER
from talkingface.metrics.base import MetricUnavailableError, Pictures, View
from talkingface.metrics.drawn_faces import read_drawn_view, shows_drawn_faces
from talkingface.metrics.readers import read_view

Look = Callable[[Pictures], View]
Choice = Literal["auto", "drawn", "filmed"]


class Eyes:
    """The readers of faces for all clips of an evaluation.

    Args:
        choice: who reads: ``drawn`` and ``filmed`` for all clips; ``auto`` knows drawn ones.
    """

    def __init__(self, choice: Choice = "auto") -> None:
        self._choice = choice
        self._finder = _FinderWhenAsked()

    def for_clip(self, clip: Clip) -> Look:
        """Return what turns frames (T, H, W, 3) of a clip into a view with readings."""
        if self.name_for(clip) == SYNTHTALK_READER:
            return lambda frames: read_drawn_view(frames, self._reader)
        return lambda frames: read_view(frames, self._finder)

    def name_for(self, clip: Clip) -> str:
        """Return the name of who reads the faces of a clip."""
        drawn = shows_drawn_faces(clip) if self._choice == "auto" else self._choice == "drawn"
        return SYNTHTALK_READER if drawn else DEFAULT_BACK_END

    @cached_property
    def _reader(self) -> FaceReader:
        return open_reader()


class _FinderWhenAsked:
    """The default finder, whose weights of 100 MB are not read before a face is sought."""

    @property
    def name(self) -> str:
        return self._finder.name

    def find(self, picture: Picture) -> list[Face]:
        return self._finder.find(picture)

    @cached_property
    def _finder(self) -> FaceFinder:
        try:
            return open_finder()
        except PluginError as error:  # the scores that read faces fall away, and no others
            raise MetricUnavailableError(str(error)) from error
