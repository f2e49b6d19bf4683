"""Drawing with OpenCV: anti-aliased fills and strokes with sub-pixel points, soft blends."""

from collections.abc import Sequence
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from talkingface.data.synth.arrays import Array, Canvas
from talkingface.data.synth.palette import Colour

_SHIFT = 4  # OpenCV takes points in sixteenths of a pixel


def _sixteenths(points: Array) -> NDArray[np.int32]:
    return np.rint(points[..., :2] * (1 << _SHIFT)).astype(np.int32, order="C")


def fill(canvas: Canvas, outline: Array, colour: Colour | float) -> None:
    """Fill the polygon through `outline` (N, 2+) px."""
    cv2.fillPoly(canvas, [_sixteenths(outline)], scalar(colour), cv2.LINE_AA, _SHIFT)


def fill_all(canvas: Canvas, outlines: Array, colour: Colour | float) -> None:
    """Fill polygons (K, N, 2+) px that touch but do not overlap, in one call."""
    if len(outlines):
        cv2.fillPoly(canvas, list(_sixteenths(outlines)), scalar(colour), cv2.LINE_AA, _SHIFT)


def stroke(
    canvas: Canvas,
    lines: Array | Sequence[Array],
    colour: Colour | float,
    thickness_px: float,
    closed: bool = False,
) -> None:
    """Draw lines through points (N, 2+) px: a list, or one array (lines, N, 2+)."""
    if isinstance(lines, np.ndarray):
        points = list(_sixteenths(lines))
    else:
        points = [_sixteenths(line) for line in lines]
    whole = max(1, round(thickness_px))
    cv2.polylines(canvas, points, closed, scalar(colour), whole, cv2.LINE_AA, _SHIFT)


@lru_cache(maxsize=64)
def taper(count: int, begin: float = 0.08, end: float = np.pi - 0.08) -> Array:
    """Return widths (count,) that swell and fade like a brush stroke: a sine between two angles.

    The array is shared: do not write into it.
    """
    return np.sin(np.linspace(begin, end, count)).astype(np.float32)


def ribbon(canvas: Canvas, lines: Array, half_widths: Array, colour: Colour | float) -> None:
    """Draw lines (N, 2+) or (K, N, 2+) px whose half width (N,) px changes on the way."""
    path = lines[..., :2]
    offset = np.empty_like(path)
    offset[..., 1:-1, :] = path[..., 2:, :] - path[..., :-2, :]
    offset[..., 0, :] = path[..., 1, :] - path[..., 0, :]
    offset[..., -1, :] = path[..., -1, :] - path[..., -2, :]
    length = np.maximum(np.hypot(offset[..., 0], offset[..., 1]), 1e-6)
    offset = offset[..., ::-1] * (half_widths / length)[..., None]
    offset[..., 0] *= -1  # at a right angle to the way
    outline = np.concatenate((path + offset, (path - offset)[..., ::-1, :]), axis=-2)
    fill_all(canvas, outline.reshape(-1, *outline.shape[-2:]), colour)


def blend(canvas: Canvas, paint: Canvas, mask: NDArray[np.uint8]) -> None:
    """Lay paint over a small canvas where `mask` is 255; for whole pictures see `Easel.lay`."""
    share = cv2.cvtColor(mask, cv2.COLOR_GRAY2RGB)
    over = cv2.multiply(paint, share, scale=1 / 255)
    under = cv2.multiply(canvas, cv2.bitwise_not(share), scale=1 / 255)
    cv2.add(over, under, dst=canvas)


def mixed(first: Colour, second: Colour, share: float) -> Colour:
    """Return `first` with `share` of `second` in it."""
    red, green, blue = (a + (b - a) * share for a, b in zip(first, second, strict=True))
    return (red, green, blue)


def scaled(colour: Colour, factor: float) -> Colour:
    """Return a lighter or darker colour."""
    return (
        min(colour[0] * factor, 255.0),
        min(colour[1] * factor, 255.0),
        min(colour[2] * factor, 255.0),
    )


def scalar(colour: Colour | float) -> tuple[float, ...]:
    """Return a colour, or a grey, as OpenCV takes it."""
    return (colour,) if isinstance(colour, int | float) else colour
