"""What is seen between parted lips: the portrait's own mouth, and what no portrait shows.

It is one picture, in pixels of the portrait, that hangs from the upper lip as teeth do. The lower
lip uncovers it. So teeth are not squeezed when a mouth shuts, and when it opens wide they end.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from talkingface.clip import Picture
from talkingface.face.mesh.canvas import Fragments, colours
from talkingface.face.mesh.mouth import mouth_width
from talkingface.face.points import MOUTH

Array = NDArray[np.float64]

LENGTH = 0.8  # of the mouth's width: no mouth opens farther
SHADE = (0.0, 0.05)  # widths below the upper lip that lie in its shade
TEETH_END = (0.075, 0.1)  # from where to where below it teeth end
TONGUE = (0.12, 0.3)  # and the tongue begins
TEETH_ACROSS = (0.3, 0.85)  # from the middle (0) to the corners (1), where teeth fade
OWN_END = (0.65, 0.9)  # of the portrait's own opening, where its lower lip begins
STRETCH = 1.35  # of that opening at most: darkness begins where teeth would be too long
DARK, FLESH = (0.38, 2.2), (0.52, 1.6)  # light left there, and how often lips have reddened it
TEETH, REFLECTED = np.array([238, 226, 210]), 0.6  # in full light; share in the lips' colour
SOFT_PX = 1.2  # from the lips inward, until only the mouth is seen


@dataclass(frozen=True)
class Lining:
    """The inside of a mouth.

    Pixels of the mouth are told it as fragments, whose texture is a column of the lips' edges and
    how far down from lip to lip they are (0 to 1).
    """

    edges: Array  # (2, C, 2) px of the portrait: the lips' inner edges
    picture: Picture  # (R, W, 3): from corner to corner, and px below the upper lip

    @classmethod
    def of(cls, portrait: Picture, points: NDArray[np.floating], edges: Array) -> "Lining":
        """Return the lining of the mouth of a portrait (H, W, 3) with landmarks (68, 2 or 3)."""
        width = mouth_width(points)
        rows, columns = (max(8, round(share * width)) for share in (LENGTH, 1))
        place = np.linspace(0, edges.shape[1] - 1, columns)
        upper, lower = (_along(edge, place) for edge in edges)
        gap = np.linalg.norm(lower - upper, axis=1)
        down = np.arange(rows)[:, None] / np.maximum(gap, 1e-6)  # (R, W): 1 at the lower lip
        seen = upper + down.clip(0, 1)[..., None] * (lower - upper)  # (R, W, 2)
        x, y = np.moveaxis(seen.astype(np.float32), 2, 0)
        own = cv2.remap(portrait, x, y, cv2.INTER_LINEAR)
        share = (1 - _rising(down, *OWN_END))[..., None]
        painted = _painted(_colour_of_lips(portrait, points), rows, columns)
        return cls(edges, np.rint(painted + share * (own - painted)).astype(np.uint8))

    def behind(self, found: Fragments) -> Array:
        """Return the places (N, 2) of the lips, in the portrait, that go on behind the lining."""
        upper, lower = (_along(edge, found.texture_x) for edge in self.edges)
        return np.where(found.texture_y[:, None] < 0.5, upper, lower)

    def lay(self, picture: Picture, found: Fragments, gaps: Array) -> None:
        """Draw it in a picture (H, W, 3) between lips that are `gaps` (C,) px apart."""
        columns = np.arange(len(gaps))
        gap = np.interp(found.texture_x, columns, gaps)
        stretch = np.interp(found.texture_x, columns, self._stretched(gaps))
        below, above = found.texture_y * gap, (1 - found.texture_y) * gap  # px from either lip
        across = found.texture_x * ((self.picture.shape[1] - 1) / (len(gaps) - 1))
        there = Fragments(found.pixels, found.depth, across, below / stretch)
        shown = colours(there, self.picture, picture.shape[:2])
        share = (np.minimum(below, above) / SOFT_PX).clip(0, 1)[:, None]
        flat = picture.reshape(-1, 3)
        flat[found.pixels] = np.rint(share * shown + (1 - share) * flat[found.pixels])

    def _stretched(self, gaps: Array) -> Array:
        """Return how much longer the portrait's own mouth is drawn in each column, (C,)."""
        upper, lower = self.edges
        own = np.linalg.norm(lower - upper, axis=1)
        ratios: Array = np.where(own > 1, gaps / own.clip(1), 1).clip(1, STRETCH)
        return ratios


def _along(edge: Array, columns: Array) -> Array:
    """Return where an edge (C, 2) is at columns (N,) that need not be whole, (N, 2)."""
    known = np.arange(len(edge))
    return np.column_stack([np.interp(columns, known, one) for one in edge.T])


def _painted(lips: Array, rows: int, columns: int) -> Array:
    """Return a mouth of which nothing is known but the colour of its lips, (R, W, 3)."""
    down = np.linspace(0, LENGTH, rows)[:, None, None]
    across = np.abs(np.linspace(-1, 1, columns))[None, :, None]
    brightest = max(lips.max(), 1.0)
    tint = lips / brightest
    dark, flesh = (brightest * light * tint**times for light, times in (DARK, FLESH))
    inside = dark + (flesh - dark) * _rising(down, *TONGUE)
    shade = 0.4 + 0.6 * _rising(down, *SHADE)
    white = TEETH * (brightest / 255) * (1 - REFLECTED + REFLECTED * tint)
    teeth = (1 - _rising(down, *TEETH_END)) * (1 - _rising(across, *TEETH_ACROSS))
    return np.asarray(inside + (white * shade - inside) * teeth)


def _colour_of_lips(portrait: Picture, points: NDArray[np.floating]) -> Array:
    """Return their mean in a portrait (H, W, 3); black for a mouth beyond it."""
    lips = np.zeros(portrait.shape[:2], dtype=np.uint8)
    outer, inner = np.split(np.rint(points[MOUTH, :2]).astype(np.int32), [12])
    cv2.fillPoly(lips, [outer], 1)
    cv2.fillPoly(lips, [inner], 0)
    return np.asarray(portrait[lips > 0].mean(axis=0)) if lips.any() else np.zeros(3)


def _rising(values: Array, start: float, end: float) -> Array:
    """Return 0 up to `start`, 1 from `end` on, and a smooth rise between."""
    share = ((values - start) / (end - start)).clip(0, 1)
    rise: Array = share * share * (3 - 2 * share)
    return rise
