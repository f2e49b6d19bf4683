"""A mark that says that nobody filmed a picture is seen, and leaves the rest of it alone."""

import numpy as np
import pytest

from talkingface.media.mark import marked


@pytest.mark.parametrize("size", [(112, 112), (256, 256), (720, 1280), (90, 48)])
def test_the_mark_lies_in_the_lower_left_corner_alone(size: tuple[int, int]) -> None:
    plain = np.full((*size, 3), 140, np.uint8)
    (shown,) = marked([plain])
    assert (plain == 140).all()  # the picture that was given stays as it was
    rows, columns = np.nonzero((shown != plain).any(axis=2))
    assert rows.min() > 0.7 * size[0]
    assert columns.min() == 0
    assert columns.max() < max(60, 0.35 * size[1])
    assert shown[rows, columns].max() > 220  # white letters
    assert shown[rows, columns].min() < 80  # on a shade


def test_every_picture_is_marked() -> None:
    assert (
        len({picture.tobytes() for picture in marked([np.zeros((64, 64, 3), np.uint8)] * 3)}) == 1
    )
    assert len(list(marked([]))) == 0
