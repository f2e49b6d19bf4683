"""The reader of drawn faces: SynthTalk's own clips, and what methods trained on them generate.

It takes the picture to be one head, as SynthTalk's framings have it, and answers with that face or
none. On photographs its points mean nothing.
"""

from dataclasses import dataclass

from talkingface.clip import Picture
from talkingface.face.landmarks.face import Box, Face
from talkingface.face.reader import FaceReader, open_reader

NAME = "synthtalk"


@dataclass(frozen=True)
class SynthTalkFinder:
    """Finds the one upright drawn face of a picture, with depth."""

    reader: FaceReader
    name: str = NAME

    def find(self, picture: Picture) -> list[Face]:
        """Return the face in `picture` (H, W, 3), or nothing."""
        read = self.reader.read(picture[None])
        if not read.found[0]:
            return []
        points = read.landmarks[0]
        return [Face(Box.around(points[:, :2]), points[:, :2], NAME, depth=points[:, 2])]


def open_finder() -> SynthTalkFinder:
    """Return the finder with its network loaded."""
    return SynthTalkFinder(open_reader())
