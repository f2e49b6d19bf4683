"""How faces are read for scores, by readers that are opened when a metric first asks."""

from collections.abc import Callable
from functools import cached_property
from typing import Literal

from talkingface.clip import Clip, Picture
from talkingface.errors import PluginError
from talkingface.face.landmarks import Face, FaceFinder, open_finder
from talkingface.face.reader import FaceReader, open_reader
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
        if self.takes_as_drawn(clip):
            return lambda frames: read_drawn_view(frames, self._reader)
        return lambda frames: read_view(frames, self._finder)

    def takes_as_drawn(self, clip: Clip) -> bool:
        """Return whether the faces of a clip are read as drawn ones."""
        return shows_drawn_faces(clip) if self._choice == "auto" else self._choice == "drawn"

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
