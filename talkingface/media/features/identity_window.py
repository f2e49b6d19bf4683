"""The stretch of speech that Speech2Talking-Face takes a face from.

The published rule starts the window 18 frames before the middle of the clip, whatever its length,
and is kept wherever it gives a whole window. In shorter speech the original took silence or failed;
here the window is centred, and speech shorter than the window is continued by its reflection.
`spread_windows` are several, all over the clip, whose faces can be averaged.
"""

import logging
from dataclasses import dataclass
from typing import Literal

import numpy as np

from talkingface.errors import DataError
from talkingface.media.features.mel import Mel
from talkingface.media.features.windows import ROWS_PER_FRAME, WINDOW_ROWS, whole_window_frames

FRAMES_BEFORE_MIDDLE = 18
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class IdentityWindow:
    """Mel rows (80 * units, 80), time first, where they start, and by which rule."""

    rows: Mel
    start_row: int
    rule: Literal["published", "centred", "reflected"]


def identity_window(mel: Mel, units: int = 4) -> IdentityWindow:
    """Return the one window that gives a clip its face, 0.8 s a unit.

    Args:
        mel: rows (M, 80) of the whole clip.
        units: the published network was made for 4, a window of 3.2 s.

    Raises:
        DataError: the speech is silent.
    """
    refuse_silence(mel)
    length = window_rows(units)
    start = ROWS_PER_FRAME * (len(whole_window_frames(len(mel))) // 2 - FRAMES_BEFORE_MIDDLE)
    if 0 <= start <= len(mel) - length:
        return IdentityWindow(mel[start : start + length], start, "published")
    if len(mel) >= length:
        start = (len(mel) - length) // 2
        return IdentityWindow(mel[start : start + length], start, "centred")
    log.warning(
        "The speech lasts %.1f s, shorter than the %.1f s that a face is inferred from; "
        "it is continued by its reflection.",
        len(mel) / 100,
        length / 100,
    )
    return IdentityWindow(continued(mel, units), 0, "reflected")


def spread_windows(mel: Mel, units: int, number: int) -> Mel:
    """Return windows (W, 80 * units, 80) spread evenly over a clip, each with a start of its own.

    W is `number`, or less in a clip that has not so many; of speech shorter than a window it is 1.

    Raises:
        DataError: the speech is silent.
    """
    length = window_rows(units)
    if len(mel) <= length:
        return identity_window(mel, units).rows[None]
    refuse_silence(mel)
    starts = np.unique(np.linspace(0, len(mel) - length, number).round().astype(int))
    return np.stack([mel[start : start + length] for start in starts])


def window_rows(units: int) -> int:
    """Return how many mel rows a window has, 10 ms each.

    >>> window_rows(4)
    320
    """
    return 4 * WINDOW_ROWS * units


def continued(mel: Mel, units: int) -> Mel:
    """Return the rows of a clip, and where it is shorter than a window their reflection."""
    missing = max(0, window_rows(units) - len(mel))
    return np.pad(mel, ((0, missing), (0, 0)), "symmetric") if missing else mel


def refuse_silence(mel: Mel) -> None:
    """Raise a DataError where there is nothing to be heard."""
    if not mel.any():
        raise DataError(
            "The speech is silent, so no face can be inferred from it. Choose a clip with a voice."
        )
