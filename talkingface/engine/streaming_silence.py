"""Pictures of a face that says nothing: each is drawn once, and then silence costs no network."""

from collections.abc import Hashable, Sequence

import numpy as np

from talkingface.clip import Picture
from talkingface.media.features.passage import Passage
from talkingface.media.features.windows import SAMPLES_PER_FRAME
from talkingface.models.base import LiveFace

MOST_BYTES = 64 * 2**20  # 17 s of a pose video at 224 px; what goes beyond is drawn each time


class SilentPictures:
    """What a face shows in silence, by the moments of its drivers."""

    def __init__(self, face: LiveFace) -> None:
        self._face = face
        self._pictures: dict[Hashable, Picture] = {}

    def known(self, moments: Sequence[Hashable | None]) -> list[Picture]:
        """Return the pictures of the first moments, as far as they are known."""
        pictures = []
        for moment in moments:
            if moment not in self._pictures:
                break
            pictures.append(self._pictures[moment])
        return pictures

    def is_known(self, moment: Hashable | None) -> bool:
        """Return whether there is a picture of a moment."""
        return moment in self._pictures

    def keep(self, moment: Hashable | None, picture: Picture) -> None:
        """Remember the picture of a silent moment, as long as there is room."""
        if moment is not None and (len(self._pictures) + 1) * picture.nbytes <= MOST_BYTES:
            self._pictures[moment] = picture.copy()  # not a view of its whole portion

    def moment(self, speech: Passage, frame: int, place: int) -> Hashable | None:
        """Return the moment of a frame that hears nothing; None for one that is to be drawn.

        Args:
            speech: what the frame hears a part of.
            frame: of the speech.
            place: of the frame in the stream.
        """
        begin = frame * SAMPLES_PER_FRAME
        heard = speech.between(begin - self._face.heard_before, begin + self._face.heard_after)
        return None if np.any(heard) else self._face.moment(place)
