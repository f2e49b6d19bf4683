import numpy as np
import pytest

from talkingface.clip import FrameArray
from talkingface.errors import DataError
from talkingface.media.strip import side_by_side


def plain(num_pictures: int, height: int, width: int, first_level: int) -> np.ndarray:
    pictures = np.zeros((num_pictures, height, width, 3), np.uint8)
    pictures += np.arange(first_level, first_level + num_pictures, dtype=np.uint8)[
        :, None, None, None
    ]
    return pictures


def test_panels_stand_in_order_and_keep_their_own_time() -> None:
    reference = plain(1, 20, 10, 200)[0]
    generated = plain(3, 20, 30, 0)
    pose = plain(2, 20, 8, 100)
    strip = list(side_by_side([reference, generated, FrameArray(pose)], height_px=20))
    assert [picture.shape for picture in strip] == [(20, 48, 3)] * 3
    levels = [(p[0, 0, 0], p[0, 10, 0], p[0, 39, 0], p[0, 40, 0]) for p in strip]
    assert levels == [(200, 0, 0, 100), (200, 1, 1, 101), (200, 2, 2, 101)]


def test_panels_are_scaled_to_one_height_with_their_proportions() -> None:
    [picture] = side_by_side([plain(1, 40, 20, 9), plain(1, 5, 10, 7), plain(1, 10, 3, 5)], 10)
    assert picture.shape == (10, 5 + 20 + 3, 3)
    assert picture[0, :, 0].tolist() == [9] * 5 + [7] * 20 + [5] * 3


def test_panels_are_read_one_picture_at_a_time() -> None:
    asked = []

    def generated():
        for index in range(100):
            asked.append(index)
            yield np.zeros((4, 4, 3), np.uint8)

    strip = side_by_side([generated()], 4)
    next(strip)
    next(strip)
    assert asked == [0, 1]


def test_a_panel_without_pictures_is_refused() -> None:
    with pytest.raises(DataError, match="Panel 1 of the strip has no pictures"):
        list(side_by_side([plain(2, 4, 4, 0), []], 4))
