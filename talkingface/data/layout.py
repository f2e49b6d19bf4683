"""How a corpus lies on the disk: one path with names in braces, from which its clips are read.

``{part}/mp4/{speaker}/{video}/{clip}.mp4`` finds ``dev/mp4/id00012/21Uxsk56VDQ/00001.mp4`` at any
depth below the folder that is given, so it does not matter how far up a user points.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from talkingface.config.settings import Split
from talkingface.data.manifest import Row
from talkingface.data.splits import SpeakerSplit
from talkingface.errors import DataError

FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Layout:
    """Where a corpus keeps its clips, what their paths say, and which split each is in.

    `path` must hold ``{speaker}`` or ``{part}``, or both. A clip is in the split of its part; where
    that is train, or there are no parts, its speaker decides.
    """

    path: str
    name: str  # of the same fields
    example: str  # a path as it looks, for the user who has put nothing there yet
    fields: Mapping[str, str] = field(default_factory=dict)  # patterns of fields that need one
    sound: str = ""  # where the sound lies that some have apart from the video
    parts: Mapping[str, Split] = field(default_factory=dict)
    speakers: SpeakerSplit = field(default_factory=SpeakerSplit)

    def rows(self, folder: Path, seed: int) -> Iterator[Row]:
        """Yield every clip below `folder`, each with its split.

        Raises:
            DataError: a folder cannot be listed.
        """
        for path in files_below(folder):
            match = self._pattern.fullmatch(path.relative_to(folder).as_posix())
            if match is not None:
                yield self._row(folder, path, match.groupdict(), seed)

    def _row(self, folder: Path, path: Path, found: Mapping[str, str], seed: int) -> Row:
        speaker = found.get("speaker", "")
        split = self.parts.get(found.get("part", ""), "train")
        if split == "train":
            split = self.speakers.split_of(speaker, seed)
        apart = (folder / found["above"] / self.sound.format(**found),) if self.sound else ()
        return Row(self.name.format(**found), path, (*apart, path), speaker, split)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        pieces = FIELD.split(self.path)  # text and names of fields by turns
        for index, piece in enumerate(pieces):
            pieces[index] = (
                f"(?P<{piece}>{self.fields.get(piece, '[^/]+')})" if index % 2 else re.escape(piece)
            )
        return re.compile("(?P<above>(?:.*/)?)" + "".join(pieces))


def files_below(folder: Path) -> Iterator[Path]:
    """Yield every file in `folder` and in the folders in it that are not hidden, links followed.

    Raises:
        DataError: a folder cannot be listed.
    """
    for parent, folders, files in os.walk(folder, onerror=_refuse, followlinks=True):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(parent, name) for name in files if not name.startswith("."))


def _refuse(error: OSError) -> None:
    raise DataError(f"{error.filename} cannot be listed: {error.strerror}.") from error
