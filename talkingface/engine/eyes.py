"""How faces are read for scores, by readers that are opened when a metric first asks."""

from collections.abc import Callable
from functools import cached_property

from talkingface.clip import Clip, Picture
from talkingface.face.landmarks import Face, FaceFinder, open_finder
from talkingface.face.reader import FaceReader, open_reader
from talkingface.metrics.base import Pictures, View
from talkingface.metrics.drawn_faces import read_drawn_view, shows_drawn_faces
from talkingface.metrics.readers import read_view

Look = Callable[[Pictures], View]


class Eyes:
    """The readers of faces for all clips of an evaluation."""

    def __init__(self) -> None:
        self._finder = _FinderWhenAsked()

    def for_clip(self, clip: Clip) -> Look:
        """Return what turns frames (T, H, W, 3) of a clip into a view with readings."""
        if shows_drawn_faces(clip):
            return lambda frames: read_drawn_view(frames, self._reader)
        return lambda frames: read_view(frames, self._finder)

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
        return open_finder()
