"""What is seen between parted lips."""

import numpy as np
import pytest

from talkingface.face.mesh.canvas import Fragments
from talkingface.face.mesh.lining import Lining
from talkingface.face.mesh.mouth import lip_edges, with_lips_shut
from talkingface.face.pose.canonical import CANONICAL_FACE

SHUT = with_lips_shut(CANONICAL_FACE)
WIDTH = 48  # px between the corners of the canonical mouth


def lining_of(portrait, points=SHUT) -> Lining:
    return Lining.of(portrait, points, lip_edges(points)[..., :2])


def plain(*colour: int) -> np.ndarray:
    return np.full((256, 256, 3), colour, np.uint8)


def column_drawn(gap_px: float) -> np.ndarray:
    """Return the red (N,) of a column of 100 places between lips so far apart, on bright skin."""
    lining, down = lining_of(plain(200, 200, 200)), np.linspace(0, 1, 100)
    picture = plain(200, 200, 200)
    pixels = np.arange(100)
    middle = np.full(100, 8.0)
    lining.lay(picture, Fragments(pixels, 0 * middle, middle, down), np.full(17, gap_px))
    return picture.reshape(-1, 3)[:100, 0]


def test_a_painted_mouth_has_teeth_under_the_upper_lip_and_is_dark_red_below():
    lit, dim = (lining_of(plain(*colour)).picture for colour in ((200, 110, 105), (50, 27, 26)))
    assert lit.shape[:2] == (round(0.8 * WIDTH), WIDTH)
    middle = WIDTH // 2
    assert lit[3, middle].min() > 100 > lit[6, middle].max()
    red, green, blue = lit[6, middle].astype(int)
    assert red > 2 * max(green, blue)
    assert min(red, green, blue) > 0
    assert lit[3, 1].max() < 100  # no teeth in the corners
    assert dim[3, middle].max() < 0.4 * lit[3, middle].max()


def test_a_photograph_without_colours_gets_none():
    picture = lining_of(plain(150, 150, 150)).picture.astype(int)
    below_teeth = picture[6:]
    assert (below_teeth.max(axis=2) == below_teeth.min(axis=2)).all()
    assert 0 < below_teeth.max() < 100


def test_an_open_portrait_shows_its_own_mouth_and_a_painted_one_below():
    points = SHUT.copy()
    points[[65, 66, 67], 1] += 16
    inside = plain(200, 150, 140)
    inside[int(points[62, 1]) + 2 : int(points[66, 1]) - 1] = (1, 222, 3)  # of no lips
    seen = lining_of(inside, points).picture[:, WIDTH // 2].astype(int)
    assert np.abs(seen[4:9] - (1, 222, 3)).max() <= 1
    assert seen[18:, 1].max() < 100


def test_what_a_portrait_has_between_its_lips_is_stretched_a_little_and_then_ends():
    edges = lip_edges(SHUT)[..., :2]
    edges[1, :, 1] += 10
    rows = np.arange(0, 80, 2, dtype=np.uint8)  # levels say how far below the upper lip
    lining, down = (
        Lining(edges, np.dstack([np.tile(rows[:, None], (1, 48))] * 3)),
        np.linspace(0.3, 0.7, 9),
    )
    for gap_px, stretch in ((5, 1), (10, 1), (12, 1.2), (20, 1.35)):
        picture, pixels = plain(0, 0, 0), np.arange(9)
        found = Fragments(pixels, 0 * down, np.full(9, 8.0), down)
        lining.lay(picture, found, np.full(17, float(gap_px)))
        np.testing.assert_allclose(picture[0, :9, 0], 2 * down * gap_px / stretch, atol=0.6)


def test_behind_the_lining_each_lip_goes_on_to_the_middle():
    edges = lip_edges(SHUT)[..., :2]
    edges[1, :, 1] += 10
    lining = Lining(edges, plain(0, 0, 0))
    down = np.array([0.1, 0.4, 0.6, 0.9])
    column = np.full(4, 6.5)  # between two columns
    places = lining.behind(Fragments(np.arange(4), 0 * down, column, down))
    upper, lower = edges[:, 6:8].mean(axis=1)
    np.testing.assert_allclose(places, [upper, upper, lower, lower])


@pytest.mark.parametrize("gap_px", [0.0, 0.1, 0.5, 1.0])
def test_between_lips_that_nearly_touch_hardly_anything_is_seen(gap_px):
    # 1.2 px from either lip the lining is all that is seen; here it is half the gap at most.
    darkest = 200 - column_drawn(gap_px).min().astype(float)
    assert darkest <= 200 * (gap_px / 2) / 1.2 + 0.5


def test_the_lining_begins_and_ends_softly_and_hangs_from_the_upper_lip():
    narrow, wide = column_drawn(8.0).astype(int), column_drawn(16.0).astype(int)
    assert narrow[0] == narrow[-1] == wide[0] == 200
    assert np.abs(np.diff(narrow)).max() < 200 * (8 / 99) / 1.2 + 20  # of a step; and it is painted
    # As far below the lip there is the same, however open: no tooth grows.
    np.testing.assert_allclose(
        wide[10:40], np.interp(np.arange(20, 80, 2), np.arange(100), narrow), atol=2
    )


def test_a_mouth_beyond_the_picture_is_painted_dark():
    picture = np.full((40, 40, 3), 200, np.uint8)
    assert lining_of(picture).picture.max() == 0
