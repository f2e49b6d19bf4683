"""The z-buffer against a slow loop, and against what is known of planes."""

import numpy as np
import pytest

from talkingface.face.mesh import Canvas, Surface
from talkingface.face.mesh.triangulation import grid_triangles

HEIGHT, WIDTH = 30, 40
TWO_A_PIXEL = np.arange(0, 200, 2, dtype=np.uint8)
RAMP = np.dstack([*np.meshgrid(TWO_A_PIXEL, TWO_A_PIXEL), np.full((100, 100), 9, np.uint8)])
# Its colour says where it was read: red 2 x, green 2 y.


def of_one_colour(vertices, triangles, level):
    texture = np.full((2, 2, 3), level, np.uint8)
    return Surface(np.array(triangles), np.zeros((len(vertices), 2)), texture)


def drawn_pixel_by_pixel(vertices, surface):
    """Return depth and texture coordinates (H, W, 3) by a search through all triangles."""
    result = np.full((HEIGHT, WIDTH, 3), -np.inf)
    for corners in surface.triangles:
        places = vertices[corners]
        known = np.column_stack([places[:, 2], surface.texture_coordinates[corners]])
        if np.linalg.det(np.column_stack([places[:, :2], np.ones(3)])) <= 0:
            continue  # its back
        for row in range(HEIGHT):
            for column in range(WIDTH):
                shares = np.linalg.solve(np.vstack([places[:, :2].T, np.ones(3)]), [column, row, 1])
                if shares.min() >= 0 and shares @ known[:, 0] > result[row, column, 0]:
                    result[row, column] = shares @ known
    return result


def test_triangles_are_drawn_as_by_a_search_through_all_of_them_for_each_pixel():
    rng = np.random.default_rng(0)
    vertices = rng.uniform((-10, -10, -20), (WIDTH + 10, HEIGHT + 10, 20), (12, 3))
    triangles = rng.permuted(np.tile(np.arange(12), (9, 1)), axis=1)[:, :3]
    surface = Surface(triangles, rng.uniform(1, 98, (12, 2)), RAMP)
    canvas = Canvas(HEIGHT, WIDTH)
    canvas.draw(vertices, surface)
    expected = drawn_pixel_by_pixel(vertices, surface)
    np.testing.assert_allclose(canvas.depth, expected[..., 0], atol=1e-9)
    covered = np.isfinite(expected[..., 0])
    np.testing.assert_array_equal(canvas.covered, covered)
    assert 0.3 < covered.mean() < 1
    # A colour changes by 2 levels a pixel, and OpenCV reads at 32nds of a pixel, rounded.
    colours = 2 * expected[covered][:, 1:]
    np.testing.assert_allclose(canvas.picture[covered][:, :2], colours, atol=0.6)
    assert (canvas.picture[~covered] == 0).all()


@pytest.mark.parametrize("first", [0, 1])
def test_of_two_planes_that_cross_the_nearer_one_is_seen_whichever_is_drawn_first(first):
    corners = np.array([(0, 0), (WIDTH - 1, 0), (WIDTH - 1, HEIGHT - 1), (0, HEIGHT - 1)])
    halves = [(0, 1, 2), (0, 2, 3)]
    rising = np.column_stack([corners, corners[:, 0]])
    falling = np.column_stack([corners, 25 - corners[:, 0]])
    planes = [
        (rising, of_one_colour(rising, halves, 100)),
        (falling, of_one_colour(falling, halves, 50)),
    ]
    canvas = Canvas(HEIGHT, WIDTH)
    for index in (first, 1 - first):
        canvas.draw(*planes[index])
    expected = np.where(np.arange(WIDTH) > 12.5, 100, 50)  # x = 25 - x
    np.testing.assert_array_equal(canvas.picture[..., 0], np.tile(expected, (HEIGHT, 1)))


def test_the_back_of_a_triangle_is_not_drawn():
    vertices = np.array([(2.0, 2, 0), (30, 2, 0), (30, 25, 0)])
    canvas = Canvas(HEIGHT, WIDTH)
    canvas.draw(vertices, of_one_colour(vertices, [(0, 2, 1)], 100))
    assert not canvas.covered.any()
    canvas.draw(vertices, of_one_colour(vertices, [(0, 1, 2)], 100))
    assert canvas.covered.any()


@pytest.mark.parametrize("rounding", [0, 1e-14, 1e-10])
def test_between_triangles_with_common_edges_no_pixel_is_left_out(rounding):
    # Vertices on whole and half pixels, so that many edges run right through pixels, or nearly.
    rng = np.random.default_rng(1)
    column, row = np.meshgrid(np.arange(-2, WIDTH + 4, 3.0), np.arange(-2, HEIGHT + 4, 3.0))
    vertices = np.column_stack([column.ravel(), row.ravel(), np.zeros(column.size)])
    vertices[:, :2] += rng.integers(-1, 2, (len(vertices), 2)) / 2
    vertices[:, :2] += rng.normal(0, rounding, (len(vertices), 2))
    triangles = grid_triangles(*column.shape)
    canvas = Canvas(HEIGHT, WIDTH)
    canvas.draw(vertices, of_one_colour(vertices, triangles, 1))
    assert canvas.covered.all()


def test_what_lies_beyond_the_picture_is_cut_off():
    vertices = np.array([(-500.0, -500, 0), (900, -500, 0), (-500, 900, 0)])
    canvas = Canvas(HEIGHT, WIDTH)
    canvas.draw(vertices, of_one_colour(vertices, [(0, 1, 2)], 7))
    assert (canvas.picture == 7).all()
    beyond = Canvas(HEIGHT, WIDTH)
    beyond.draw(vertices + np.array([5000, 0, 0]), of_one_colour(vertices, [(0, 1, 2)], 7))
    assert not beyond.covered.any()
