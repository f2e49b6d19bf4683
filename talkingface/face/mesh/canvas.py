"""Draws textured triangles: a z-buffer and bilinear textures, without loops over triangles.

The projection is parallel: a vertex stands at its x and y, pixel centres at whole numbers, and
larger z is nearer. Then depth and texture coordinates are linear over a triangle of the picture.
Triangles are cut into rows, rows into pixels, all triangles at once.
"""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Picture

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

SLACK_PX = 1e-7  # rounding: a pixel on a common edge belongs to one of both triangles at least
LEAST_AREA = 1e-5  # px^2, twice over; a thinner triangle is a line and hides no pixel
LEVEL = 1e-8  # change of a share in a pixel's step that is taken for none


@dataclass(frozen=True)
class Surface:
    """Triangles and the picture that they show."""

    triangles: Indices  # (F, 3) vertices, clockwise where the outside is seen
    texture_coordinates: Array  # (V, 2) px of the texture, x then y
    texture: Picture


class Fragments(NamedTuple):
    """The pixels that the triangles cover, one by one, hidden ones too."""

    pixels: Indices  # (N,) place in the flattened picture
    depth: Array  # (N,)
    texture_x: Array  # (N,)
    texture_y: Array  # (N,)


class ZBuffer:
    """How near each pixel of a picture is; nothing is in it yet."""

    def __init__(self, height: int, width: int) -> None:
        self.depth: Array = np.full((height, width), -np.inf)

    @property
    def covered(self) -> NDArray[np.bool_]:
        """Return which pixels (H, W) have been drawn on."""
        return np.isfinite(self.depth)

    def add(self, vertices: Array, surface: Surface) -> Fragments:
        """Add a surface with its vertices (V, 3); return what is the nearest of it. No backs."""
        found = fragments(vertices, surface, self.depth.shape)
        depth = self.depth.reshape(-1)
        np.maximum.at(depth, found.pixels, found.depth)
        seen = found.depth == depth[found.pixels]
        return Fragments(*(one[seen] for one in found))


class Canvas(ZBuffer):
    """A black picture, and how near each of its pixels is."""

    def __init__(self, height: int, width: int) -> None:
        super().__init__(height, width)
        self.picture: Picture = np.zeros((height, width, 3), dtype=np.uint8)

    def draw(self, vertices: Array, surface: Surface) -> None:
        """Draw a surface with its vertices (V, 3) where it is nearest."""
        found = self.add(vertices, surface)
        shown = colours(found, surface.texture, self.depth.shape)
        self.picture.reshape(-1, 3)[found.pixels] = shown


def colours(found: Fragments, texture: Picture, size: tuple[int, ...]) -> Picture:
    """Return what fragments of a picture of `size` (height, width) show of a texture, (N, 3)."""
    x, y = np.zeros((2, *size), dtype=np.float32)  # as OpenCV reads no list as long
    x.reshape(-1)[found.pixels] = found.texture_x
    y.reshape(-1)[found.pixels] = found.texture_y
    shown = cv2.remap(texture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(shown.reshape(-1, 3)[found.pixels], dtype=np.uint8)


def fragments(vertices: Array, surface: Surface, size: tuple[int, ...]) -> Fragments:
    """Return the pixels of a picture of `size` (height, width) that lie in seen triangles."""
    height, width = size
    corners = vertices[surface.triangles]  # (F, 3, 3)
    (ax, ay), (bx, by), (cx, cy) = np.moveaxis(corners[..., :2], 0, 2)
    area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
    seen = area > LEAST_AREA
    corners, area, shown = corners[seen], area[seen], surface.triangles[seen]
    shares = _shares(corners, area)
    attributes = np.dstack([corners[..., 2], surface.texture_coordinates[shown]])  # (F, 3, 3)
    planes = np.swapaxes(attributes, 1, 2) @ shares  # (F, 3, 3): depth and texture over x, y, 1

    top = np.ceil(corners[..., 1].min(axis=1) - SLACK_PX).clip(0).astype(np.intp)
    bottom = np.floor(corners[..., 1].max(axis=1) + SLACK_PX).clip(max=height - 1).astype(np.intp)
    triangle, row = _runs(top, bottom)
    left, right = _ends(shares[triangle], row)
    first = np.ceil(left - SLACK_PX).clip(0).astype(np.intp)
    last = np.floor(right + SLACK_PX).clip(max=width - 1).astype(np.intp)
    span, x = _runs(first, last)

    slopes, starts = planes[triangle, :, 0], planes[triangle, :, 1] * row[:, None]
    starts += planes[triangle, :, 2]
    depth, texture_x, texture_y = (slopes[span] * x[:, None] + starts[span]).T
    return Fragments(row[span] * width + x, depth, texture_x, texture_y)


def _shares(corners: Array, area: Array) -> Array:
    """Return how much of each corner a place has, as factors of x, y and 1: (F, 3, 3)."""
    x, y = corners[..., 0], corners[..., 1]
    x1, x2 = x[:, [1, 2, 0]], x[:, [2, 0, 1]]
    y1, y2 = y[:, [1, 2, 0]], y[:, [2, 0, 1]]
    return np.stack([y1 - y2, x2 - x1, x1 * y2 - x2 * y1], axis=-1) / area[:, None, None]


def _ends(shares: Array, row: Indices) -> tuple[Array, Array]:
    """Return from where to where a row (R,) runs inside its triangle, whose shares are (R, 3, 3).

    Inside, no share is negative. Going right some shares rise from 0, others fall to it. One that
    does neither, but for rounding, says nothing that the triangle's top and bottom do not.
    """
    slope = shares[..., 0]
    level = shares[..., 1] * row[:, None] + shares[..., 2]
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = -level / slope
    left = np.where(slope > LEVEL, crossing, -np.inf).max(axis=1)
    right = np.where(slope < -LEVEL, crossing, np.inf).min(axis=1)
    return left, right


def _runs(first: Indices, last: Indices) -> tuple[Indices, Indices]:
    """Return all whole numbers from each `first` to its `last`, and which run each is of."""
    lengths = (last - first + 1).clip(0)
    run = np.repeat(np.arange(len(lengths)), lengths)
    before = np.cumsum(lengths) - lengths
    return run, np.arange(len(run)) - (before - first)[run]
