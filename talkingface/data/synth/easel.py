"""The easel: one picture being painted, with sheets of scratch paper that are used again.

Fresh arrays of this size cost more than the drawing on them (the system hands out their pages one
by one), so whoever paints many frames keeps one easel for all of them.
"""

from typing import Final

import cv2
import numpy as np

from talkingface.data.synth.arrays import Array, Canvas, Mask
from talkingface.data.synth.brush import scalar
from talkingface.data.synth.palette import Colour

GATHER_PX: Final = 112  # side of the coarse picture on which the skin's light is gathered


class Easel:
    """A square picture of `size` pixels and the scratch sheets of its painters."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.canvas: Canvas = np.zeros((size, size, 3), dtype=np.uint8)
        self.sums: Array = np.zeros((5, GATHER_PX, GATHER_PX), dtype=np.float32)
        self._near = np.zeros_like(self.sums)
        self._far = np.zeros_like(self.sums)
        self._masks = [np.zeros((size, size), dtype=np.uint8) for _ in range(2)]
        self._paint = np.zeros_like(self.canvas)
        self._share = np.zeros_like(self.canvas)
        self._over = np.zeros_like(self.canvas)

    def blank_mask(self, sheet: int = 0) -> Mask:
        """Return one of the two mask sheets, wiped. It is good until it is asked for again."""
        mask = self._masks[sheet]
        mask.fill(0)
        return mask

    def plain(self, colour: Colour) -> Canvas:
        """Return the paint sheet covered with one colour."""
        cv2.rectangle(self._paint, (0, 0), (self.size, self.size), scalar(colour), -1)
        return self._paint

    def enlarged(self, small: Canvas) -> Canvas:
        """Return the paint sheet covered with a small picture, smoothly enlarged."""
        cv2.resize(small, (self.size, self.size), dst=self._paint, interpolation=cv2.INTER_LINEAR)
        return self._paint

    def enlarged_mask(self, small: Mask, sheet: int = 1) -> Mask:
        """Return a mask sheet covered with a small mask, smoothly enlarged."""
        mask = self._masks[sheet]
        cv2.resize(small, (self.size, self.size), dst=mask, interpolation=cv2.INTER_LINEAR)
        return mask

    def tinted(self, tint: Colour) -> Canvas:
        """Return the paint sheet covered with the canvas, its channels multiplied by `tint`."""
        cv2.multiply(self.canvas, np.array((*tint, 0.0)), dst=self._paint)
        return self._paint

    def lay(self, paint: Canvas, mask: Mask) -> None:
        """Lay paint over the canvas where the mask is 255, in part where it is between."""
        cv2.cvtColor(mask, cv2.COLOR_GRAY2RGB, dst=self._share)
        cv2.multiply(paint, self._share, dst=self._over, scale=1 / 255)
        cv2.bitwise_not(self._share, dst=self._share)
        cv2.multiply(self.canvas, self._share, dst=self.canvas, scale=1 / 255)
        cv2.add(self.canvas, self._over, dst=self.canvas)

    def gathered(self) -> tuple[Canvas, Mask]:
        """Return small paint and cover: the smoothed `sums` divided by their weight, the last.

        Faint sums from further away fill the rim of the face, where no point fell.
        """
        for plane, near, far in zip(self.sums, self._near, self._far, strict=True):
            cv2.GaussianBlur(plane, (5, 5), 0.9, dst=near)
            cv2.blur(plane, (13, 13), dst=far)
            cv2.scaleAdd(far, 1e-3, near, dst=near)
        weight = np.maximum(self._near[4], 1e-12)
        red, green, blue, cover = (
            cv2.divide(near, weight, dtype=cv2.CV_8U) for near in self._near[:4]
        )
        return np.asarray(cv2.merge((red, green, blue)), np.uint8), np.asarray(cover, np.uint8)
