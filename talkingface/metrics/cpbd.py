"""CPBD (Narvekar and Karam 2011): the share of edges too sharp for a blur to be seen.

Needs no reference. Noise raises it, so it never stands alone. Some steps look odd and are kept,
for the values that papers print come from a program that takes them: squared gradients are
compared with a root, and an edge without any horizontal step counts as one of angle 0.
"""

from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from talkingface.metrics.base import FrameMean, Pair
from talkingface.metrics.canny import canny
from talkingface.metrics.gray import gray

BLOCK = 64  # px; incomplete blocks at the right and at the bottom do not count
LEAST_EDGE_SHARE = 0.002  # of a block's pixels
LOW_CONTRAST = 50  # grey levels; edges in such blocks may be wider unseen
WIDE_JND, NARROW_JND = 5, 3  # px, just noticeable widths
EXPONENT = 3.6
UNSEEN_PERCENT = 63  # blur that at most so many percent of viewers would see
LONGEST_SIDE = 101  # px to each side of an edge

Map = NDArray[np.float64]  # (H, W)
Widths = NDArray[np.int64]  # (H, W), 0 where there is no edge to measure


def cpbd(picture: NDArray[np.uint8]) -> float:
    """Return the sharpness of a picture (H, W, 3) in 0..1; 0 where no edge can be measured."""
    levels = gray(picture).astype(np.float64)
    widths = edge_widths(levels)
    edges = canny(levels, 0.1, 0.2)
    percent = [_blur_percent(levels[block], widths[block]) for block in _blocks_with(edges)]
    all_percent = np.concatenate([*percent, np.empty(0)])
    return float(np.mean(all_percent <= UNSEEN_PERCENT)) if len(all_percent) else 0.0


def edge_widths(levels: Map) -> Widths:
    """Return the width in pixels of each vertical edge of a grey picture, 0 elsewhere.

    An edge ends where the grey levels of its row stop rising (or falling) on both sides.
    """
    widths = np.zeros(levels.shape, np.int64)
    rows, columns = np.nonzero(vertical_edges(levels)[1:-1, 1:-1])
    rows, columns = rows + 1, columns + 1
    angles = _angles(levels, rows, columns)
    if not angles.any():
        return widths
    steps = np.diff(levels, axis=1)
    for angle, continues in ((0, steps > 0), (4, steps < 0)):
        row, column = (index[angles == angle] for index in (rows, columns))
        widths[row, column] = _run_left(continues, row, column) + _run_right(continues, row, column)
    return widths


def vertical_edges(levels: Map) -> NDArray[np.bool_]:
    """Return where the horizontal gradient is strong, and largest in its row or its column."""
    gradient = cv2.Sobel(levels, -1, 1, 0, scale=1 / 8, borderType=cv2.BORDER_REFLECT)
    strength = np.asarray(gradient * gradient)
    strength[strength <= 2 * np.sqrt(strength.mean())] = 0
    around = np.pad(strength, 1)
    in_row = (strength > around[1:-1, :-2]) & (strength > around[1:-1, 2:])
    in_column = (strength > around[:-2, 1:-1]) & (strength > around[2:, 1:-1])
    return np.asarray(in_row | in_column)


class CPBD(FrameMean):
    """Mean over the generated frames of their sharpness."""

    compares = "nothing"
    settings: ClassVar = {
        "colour": "grey, BT.601",
        "block_px": BLOCK,
        "blur_percent": UNSEEN_PERCENT,
    }
    bounds = (0.0, 1.0)

    def of_frames(self, pair: Pair) -> NDArray[np.float64]:
        """Return the sharpness of each generated frame."""
        return np.array([cpbd(frame) for frame in pair.generated.frames], dtype=np.float64)


def _angles(levels: Map, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the direction of the gradient at pixels inside, in steps of 45 degrees, 0 to 4."""
    across = (levels[rows, columns + 1] - levels[rows, columns - 1]) / 2
    down = (levels[rows + 1, columns] - levels[rows - 1, columns]) / 2
    angles = np.where(across == 0, 0, np.degrees(np.arctan2(down, across)))
    steps: NDArray[np.int64] = np.abs(np.rint(angles / 45)).astype(np.int64)
    return steps


def _run_left(
    continues: NDArray[np.bool_], rows: NDArray[np.int64], columns: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return 1 + the number of steps that continue an edge, from one pixel left of it outwards.

    Step s leads from column s to s + 1.
    """
    index = np.arange(continues.shape[1])
    last_break = np.maximum.accumulate(np.where(continues, -1, index), axis=1)
    run = index - last_break  # of steps that continue, up to and with each step
    padded = np.pad(run, ((0, 0), (2, 0)))  # the step left of column c is c - 2
    return np.minimum(1 + padded[rows, columns], LONGEST_SIDE)


def _run_right(
    continues: NDArray[np.bool_], rows: NDArray[np.int64], columns: NDArray[np.int64]
) -> NDArray[np.int64]:
    return _run_left(continues[:, ::-1], rows, continues.shape[1] - columns)


def _blocks_with(edges: NDArray[np.bool_]) -> list[tuple[slice, slice]]:
    """Return the blocks in which enough pixels are edges."""
    tops, lefts = (range(0, side - BLOCK + 1, BLOCK) for side in edges.shape)
    blocks = [
        (slice(top, top + BLOCK), slice(left, left + BLOCK)) for top in tops for left in lefts
    ]
    return [block for block in blocks if edges[block].sum() > LEAST_EDGE_SHARE * BLOCK**2]


def _blur_percent(levels: Map, widths: Widths) -> Map:
    """Return for each edge of a block how many percent of viewers would see its blur, rounded."""
    contrast = int(levels.max() - levels.min())
    unnoticed = WIDE_JND if contrast <= LOW_CONTRAST else NARROW_JND
    measured = widths[widths > 0]
    percent: Map = np.rint(100 * (1 - np.exp(-((measured / unnoticed) ** EXPONENT))))
    return percent
