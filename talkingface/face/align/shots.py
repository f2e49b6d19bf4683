"""Where one camera shot ends and the next begins."""

from collections.abc import Iterable

import cv2
import numpy as np

from talkingface.clip import Picture

CUT_LEVELS = 27.0  # mean change of hue, saturation and value; the default of PySceneDetect 0.6
SHORTEST_SHOT = 15  # frames; a change sooner than this after a cut is a flash


def shot_starts(pictures: Iterable[Picture]) -> list[int]:
    """Return the index of the first frame of every shot, 0 included; holds two pictures at a time.

    >>> shot_starts([np.zeros((8, 8, 3), np.uint8)] * 40)
    [0]
    """
    starts: list[int] = []
    before = None
    for index, picture in enumerate(pictures):
        now = cv2.cvtColor(picture, cv2.COLOR_RGB2HSV).astype(np.int16)
        if before is None or (
            index - starts[-1] >= SHORTEST_SHOT and np.abs(now - before).mean() > CUT_LEVELS
        ):
            starts.append(index)
        before = now
    return starts
