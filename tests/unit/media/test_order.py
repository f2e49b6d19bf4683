"""Pictures in another order."""

import numpy as np

from talkingface.clip import FrameArray
from talkingface.media.order import WINDOW, in_order


def test_pictures_come_in_the_order_that_is_asked_for():
    frames = FrameArray(np.arange(40, dtype=np.uint8).reshape(40, 1, 1, 1).repeat(3, axis=3))
    places = np.random.default_rng(0).integers(0, 40, 2 * WINDOW + 3)
    shown = [int(picture[0, 0, 0]) for picture in in_order(frames, places.tolist())]
    assert shown == places.tolist()
    assert list(in_order(frames, [])) == []
