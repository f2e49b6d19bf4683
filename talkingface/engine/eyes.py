"""How faces are read for scores, by readers that are opened when a metric first asks."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cached_property, partial
from pathlib import Path
from typing import Literal

from talkingface.clip import Clip, Picture
from talkingface.config.locations import demo_weights
from talkingface.errors import PluginError
from talkingface.face.landmarks import Face, FaceFinder, open_finder
from talkingface.face.landmarks.back_ends import dlib
from talkingface.face.reader import FaceReader, open_reader
from talkingface.face.reader.reader import NAME as SYNTHTALK_READER
from talkingface.metrics.base import MetricUnavailableError, Pictures, View
from talkingface.metrics.drawn_faces import read_drawn_view, shows_drawn_faces
from talkingface.metrics.readers import read_view
from talkingface.metrics.theval.meshes import Meshes
from talkingface.storage.digest import sha256_of

Look = Callable[[Pictures], View]
Choice = Literal["auto", "drawn", "filmed"]

LEARNED: Mapping[str, Callable[[], Path]] = {  # the file of each reader of faces, by its name
    SYNTHTALK_READER: partial(demo_weights, SYNTHTALK_READER),
    dlib.NAME: dlib.model_file,
}


def digests_of(readers: Iterable[str]) -> dict[str, str]:
    """Return the SHA-256 of what each of the readers has learned, by its name."""
    found = {}
    for name in readers:
        with suppress(PluginError):  # not installed: so it has read nothing
            found[name] = sha256_of(LEARNED[name]())
    return found


class Eyes:
    """The readers of faces for all clips of an evaluation.

    Args:
        choice: who reads: ``drawn`` and ``filmed`` for all clips; ``auto`` knows drawn ones.
    """

    def __init__(self, choice: Choice = "auto") -> None:
        self._choice = choice
        self._finder = _FinderWhenAsked()

    def for_clip(self, clip: Clip) -> Look:
        """Return what turns the frames (T, H, W, 3) of one video into a view with readings.

        A face may be sought where it was before: each video that is like a clip needs a look of its
        own, and shows its windows in order.
        """
        if self.takes_as_drawn(clip):
            return lambda frames: read_drawn_view(frames, self._reader)
        meshes = Meshes()
        return lambda frames: read_view(frames, self._finder, meshes)

    def name_for(self, clip: Clip) -> str:
        """Return the name of who reads the landmarks of a clip."""
        return SYNTHTALK_READER if self.takes_as_drawn(clip) else dlib.NAME

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
