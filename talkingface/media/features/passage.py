"""A passage of a speech that may still be going on."""

from dataclasses import dataclass

import numpy as np

from talkingface.media.features.framing import Samples


@dataclass(frozen=True)
class Passage:
    """Some of the samples of a speech at 16 kHz, as networks hear it, and where they lie in it.

    Attributes:
        samples: (L,).
        start: place of the first of them in the speech.
        length: samples of the whole speech; None while nobody knows.
    """

    samples: Samples
    start: int = 0
    length: int | None = None

    def between(self, start: int, stop: int) -> Samples:
        """Return samples `start` to `stop` - 1 of the speech; before and after it is silence.

        >>> Passage(np.array([3.0, 4.0, 5.0]), start=0, length=3).between(-2, 4)
        array([0., 0., 3., 4., 5., 0.])
        """
        first, end = self.start, self.start + len(self.samples)
        assert first <= max(start, 0), "what lies before was forgotten"
        assert stop <= end or end == self.length, "what comes after was not heard yet"
        within = self.samples[max(start - first, 0) : max(stop - first, 0)]
        before = max(0, min(first, stop) - start)
        return np.pad(within, (before, stop - start - before - len(within)))
