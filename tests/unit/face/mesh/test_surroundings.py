"""What is around a face gives way when it moves, and stays where the frame is."""

import numpy as np
import pytest

from talkingface.face.mesh import Canvas, PortraitMesh, Surroundings
from talkingface.face.mesh.skin import skin_outline, skin_weights
from talkingface.face.pose.canonical import CANONICAL_FACE

SIZE = 256
COLUMN, ROW = np.meshgrid(np.arange(SIZE), np.arange(SIZE))
# Its colour says where it was read: red is x, green is y.
WHERE = np.dstack([COLUMN, ROW, np.zeros_like(ROW)]).astype(np.uint8)
TURN = np.linspace(0, 2 * np.pi, 40, endpoint=False)
MIDDLE, RADIUS = np.array([128.0, 120.0]), 40.0
CIRCLE = MIDDLE + RADIUS * np.column_stack([np.cos(TURN), np.sin(TURN)])


def read_from(shift) -> np.ndarray:
    """Return where each pixel was read, (H, W, 2), when the circle moves by `shift`."""
    return Surroundings(WHERE, CIRCLE).around(CIRCLE + shift)[..., :2].astype(float)


def test_without_a_movement_the_picture_is_the_portrait():
    np.testing.assert_array_equal(Surroundings(WHERE, CIRCLE).around(CIRCLE), WHERE)


@pytest.mark.parametrize("shift", [(6, 0), (-3, 5), (0, -8)])
def test_at_the_edge_of_the_face_the_picture_moves_along(shift):
    read = read_from(shift)
    for x, y in np.rint(CIRCLE + shift).astype(int):
        # whole levels, and directions that turn a little between two points of the outline
        np.testing.assert_allclose(read[y, x], (x - shift[0], y - shift[1]), atol=1)


def test_far_from_the_face_the_picture_rests():
    read = read_from((8, 8))
    away = np.hypot(COLUMN - MIDDLE[0], ROW - MIDDLE[1]) > 2.6 * RADIUS
    assert 0.4 < away.mean() < 1
    np.testing.assert_array_equal(read[away], WHERE[away, :2])


def test_in_between_nothing_is_torn():
    """A step of one pixel in the picture is never a jump in the portrait, and never back."""
    read = read_from((10, 6))[:, :250]
    steps = np.diff(read[..., 0], axis=1)
    assert steps.min() >= 0
    assert steps.max() <= 2


def test_the_outline_of_the_skin_goes_once_round_the_face():
    ends = (skin_weights() @ CANONICAL_FACE)[skin_outline(), :2]
    jaw = CANONICAL_FACE[:17, :2]
    distance = np.linalg.norm(ends[:, None] - jaw[None], axis=2).min(axis=0)
    assert distance.max() < 1e-9  # the jaw is a part of it
    from_middle = ends - ends.mean(axis=0)
    turns = np.diff(np.unwrap(np.arctan2(from_middle[:, 1], from_middle[:, 0])))
    assert turns.min() > 0
    assert turns.sum() < 2 * np.pi


def test_a_mesh_drawn_over_its_surroundings_is_the_portrait():
    mesh = PortraitMesh.of(WHERE, CANONICAL_FACE)
    outline = mesh.outline(mesh.front, mesh.motion)
    canvas = Canvas.on(Surroundings(WHERE, outline).around(outline))
    mesh.draw(canvas, mesh.front, mesh.motion)
    assert 0.1 < canvas.covered.mean() < 0.6
    difference = np.abs(canvas.picture.astype(int) - WHERE)
    mouth = slice(160, 190), slice(100, 156)  # what is painted between its lips
    difference[mouth] = 0
    assert difference.max() <= 1
