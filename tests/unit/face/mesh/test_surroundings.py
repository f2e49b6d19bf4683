"""What is around a face gives way when it moves, and stays where the frame is."""

import numpy as np
import pytest

from talkingface.face.mesh.skin import skin_outline, skin_weights
from talkingface.face.mesh.surroundings import Surroundings
from talkingface.face.pose.canonical import CANONICAL_FACE

SIZE = 256
COLUMN, ROW = np.meshgrid(np.arange(SIZE), np.arange(SIZE))
WHERE = np.dstack([COLUMN, ROW]).astype(np.float32)
TURN = np.linspace(0, 2 * np.pi, 40, endpoint=False)
MIDDLE, RADIUS = np.array([128.0, 120.0]), 40.0
CIRCLE = MIDDLE + RADIUS * np.column_stack([np.cos(TURN), np.sin(TURN)])


def read_from(shift, circle=CIRCLE) -> np.ndarray:
    """Return where each pixel is read, (H, W, 2), when the circle moves by `shift`."""
    surroundings = Surroundings((SIZE, SIZE), circle)
    left, top = surroundings.corner
    part = surroundings.around(circle + shift)
    read = WHERE.copy()
    read[top : top + len(part), left : left + part.shape[1]] = part
    return read


def test_without_a_movement_the_picture_is_the_portrait():
    np.testing.assert_array_equal(read_from((0, 0)), WHERE)


@pytest.mark.parametrize("shift", [(6, 0), (-3, 5), (0, -8)])
def test_at_the_edge_of_the_face_the_picture_moves_along(shift):
    read = read_from(shift)
    for x, y in np.rint(CIRCLE + shift).astype(int):
        # directions turn a little between two points of the outline
        np.testing.assert_allclose(read[y, x], (x - shift[0], y - shift[1]), atol=0.2)


def test_far_from_the_face_the_picture_rests():
    read = read_from((8, 8))
    away = np.hypot(COLUMN - MIDDLE[0], ROW - MIDDLE[1]) > 2.6 * RADIUS
    assert 0.4 < away.mean() < 1
    np.testing.assert_array_equal(read[away], WHERE[away])


def test_in_between_nothing_is_torn():
    """A step of one pixel in the picture is never a jump in the portrait, and never back."""
    steps = np.diff(read_from((10, 6))[..., 0], axis=1)
    assert steps.min() >= 0.5
    assert steps.max() <= 1.5


@pytest.mark.parametrize("shift", [(9, 0), (-9, 0), (0, 9), (0, -9)])
def test_nothing_comes_in_from_beyond_the_frame(shift):
    """Here a face fills its picture, as in crops."""
    circle = 128 + 110 * (CIRCLE - MIDDLE) / RADIUS
    read = read_from(shift, circle)
    assert np.abs(read - WHERE).max() > 8
    assert read.min() >= 0
    assert read.max() <= SIZE - 1
    frame = np.minimum.reduce([COLUMN, ROW, SIZE - 1 - COLUMN, SIZE - 1 - ROW]) == 0
    np.testing.assert_allclose(read[frame], WHERE[frame], atol=1e-3)


def test_the_outline_of_the_skin_goes_once_round_the_face():
    ends = (skin_weights() @ CANONICAL_FACE)[skin_outline(), :2]
    jaw = CANONICAL_FACE[:17, :2]
    distance = np.linalg.norm(ends[:, None] - jaw[None], axis=2).min(axis=0)
    assert distance.max() < 1e-9  # the jaw is a part of it
    from_middle = ends - ends.mean(axis=0)
    turns = np.diff(np.unwrap(np.arctan2(from_middle[:, 1], from_middle[:, 0])))
    assert turns.min() > 0
    assert turns.sum() < 2 * np.pi
