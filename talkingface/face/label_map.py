"""Landmarks drawn as white curves on black: how Rhythmic head motion shows a pose to its network.

Curves run through three points at a time: a parabola along the axis on which the points spread
more. The original finds it with a general optimiser started from ones, whose answer misses the
exact parabola by a hair; where a height should be a whole number that hair decides the row. The
network was trained on such drawings, so the optimiser stays (MINPACK, through SciPy). Networks of
one's own may have exact parabolas, which take half the time.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Array = NDArray[np.float64]
LabelMap = NDArray[np.uint8]  # (H, W), 0 or 255

WHITE = 255
STEEPEST = 1.0  # leading coefficient beyond which a parabola is left out
STROKE = (-1, 0)  # a sample paints these rows and columns around it
HAIR = 1e-6  # px, added where parabolas are exact, lest rounding leave whole numbers short of it
FOREHEAD = range(68, 83)  # points 1 to 15 of the jaw, mirrored upwards, from right to left

JAW = [*range(17)]
FACE = [*JAW, *FOREHEAD, 0]
BROWS = [[*range(17, 22)], [*range(22, 27)]]
NOSE = [[28, 31], [*range(31, 36)], [35, 28]]
EYES = [[36, 37, 38, 39], [39, 40, 41, 36], [42, 43, 44, 45], [45, 46, 47, 42]]
MOUTH = [[*range(48, 55)], [*range(54, 60), 48], [*range(60, 65)], [64, 65, 66, 67, 60]]
FEATURES = [*BROWS, *NOSE, *EYES, *MOUTH]


def label_map(
    points: NDArray[np.floating],
    frame_size: tuple[int, int],
    size: int = 256,
    *,
    upper_face: bool = True,
    exact: bool = False,
) -> LabelMap:
    """Return the drawing of landmarks (68, 2 or 3), (size, size).

    Args:
        points: in pixels of the frame.
        frame_size: height and width of the frame; the drawing is made there and then resized.
        size: side of the result; the network's is 256.
        upper_face: whether the jaw is mirrored upwards, so that its line closes over the brows.
        exact: whether parabolas run through their points exactly.
    """
    curves = [FACE if upper_face else JAW, *FEATURES]
    drawn = _drawn(points[:, :2].astype(np.float64), curves, frame_size, exact)
    if drawn.shape == (size, size):
        return drawn
    return np.array(Image.fromarray(drawn).resize((size, size), Image.Resampling.BILINEAR))


def _drawn(
    points: Array, curves: Sequence[list[int]], frame_size: tuple[int, int], exact: bool
) -> LabelMap:
    drawing = np.zeros(frame_size, dtype=np.uint8)
    points = np.concatenate([points, _forehead(points)])
    for curve in curves:
        for window in _windows(curve):
            _paint(drawing, _samples(points[window], exact))
    return drawing


def _forehead(points: Array) -> Array:
    """Return the jaw's inner points mirrored at its ends, two thirds as high, (15, 2) whole."""
    jaw = points[:17].astype(np.int32)
    baseline = (jaw[0, 1] + jaw[16, 1]) / 2
    x, y = jaw[15:0:-1].T
    heights = baseline + np.floor((baseline - y) * 2 / 3)
    return np.stack([x, heights.astype(np.int32)], axis=1).astype(np.float64)


def _windows(curve: Sequence[int]) -> Iterator[list[int]]:
    """Yield three neighbours at a time, each window beginning where the last one ended."""
    for start in range(0, len(curve) - 1, 2):
        yield list(curve[start : start + 3])


def _samples(points: Array, exact: bool) -> NDArray[np.intp]:
    """Return the whole places (N, 2), x then y, of the curve through two or three points."""
    hair = HAIR if exact else 0.0
    spread = np.abs(np.diff(points, axis=0)).max(axis=0)
    steep = bool(spread[0] + hair < spread[1])
    x, y = points.T[::-1] if steep else points.T
    coefficients = _fitted_exactly(x, y) if exact else _fitted(x, y)
    if len(points) == 3 and abs(coefficients[0]) > STEEPEST + hair:
        return np.empty((0, 2), dtype=np.intp)
    first, last = min(x[0], x[-1]), max(x[0], x[-1])
    along = np.linspace(first, last, int(last - first + hair))
    curve = np.stack([along, _curve(along, coefficients)], axis=1)
    places = (curve + hair).astype(np.intp)
    return places[:, ::-1] if steep else places


def _fitted(x: Array, y: Array) -> Array:
    """Return the coefficients of a parabola through three points, or of a line through two."""
    from scipy.optimize import leastsq

    # The full answer, since in the short one SciPy warns of points that lie on each other.
    answer = leastsq(lambda guess: _curve(x, guess) - y, np.ones(len(x)), full_output=True)
    return np.asarray(answer[0])


def _fitted_exactly(x: Array, y: Array) -> Array:
    """Return the same without a search; through points above each other, a curve too steep."""
    if len(x) == 2:
        slope = _quotient(y[1] - y[0], x[1] - x[0])
        return np.array([slope, y[0] - slope * x[0]])
    (x0, x1, x2), (y0, y1, y2) = x.tolist(), y.tolist()
    first, second = _quotient(y1 - y0, x1 - x0), _quotient(y2 - y1, x2 - x1)
    a = _quotient(second - first, x2 - x0)
    b = first - a * (x0 + x1)
    return np.array([a, b, y0 - (a * x0 + b) * x0])


def _quotient(rise: float, run: float) -> float:
    return rise / run if run else 2 * STEEPEST * max(1.0, abs(rise))


def _curve(x: Array, coefficients: Array) -> Array:
    """Evaluate in this very order: another moves samples across the border of a pixel."""
    if len(coefficients) == 2:
        a, b = coefficients
        return np.asarray(a * x + b)
    a, b, c = coefficients
    return np.asarray(a * x**2 + b * x + c)


def _paint(drawing: LabelMap, places: NDArray[np.intp]) -> None:
    height, width = drawing.shape
    for down in STROKE:
        for right in STROKE:
            rows = (places[:, 1] + down).clip(0, height - 1)
            columns = (places[:, 0] + right).clip(0, width - 1)
            drawing[rows, columns] = WHITE
