"""Clothes: shoulders, neckline and collar."""

from dataclasses import dataclass

import numpy as np

from talkingface.data.synth.arrays import Canvas
from talkingface.data.synth.brush import fill, ribbon, scaled, stroke
from talkingface.data.synth.identity import Clothing
from talkingface.data.synth.palette import Colour
from talkingface.data.synth.sitting import Sitting
from talkingface.data.synth.skull import MOUTH_Y

Point = tuple[float, float]

SHOULDER = (
    (-5.6, 1.6), (-5.45, 0.85), (-5.1, 0.55), (-4.4, 0.37), (-3.0, 0.24), (-1.9, 0.11),
    (-1.18, -0.09),
)  # fmt: skip
NECKLINES: dict[Clothing, tuple[Point, ...]] = {
    "crew_neck": ((-0.85, 0.06), (-0.4, 0.12), (0.4, 0.12), (0.85, 0.06)),
    "v_neck": ((-0.6, 0.12), (0, 0.32), (0.6, 0.12)),
    "shirt": ((-0.7, 0.08), (0, 0.22), (0.7, 0.08)),
    "turtleneck": ((-1.08, -0.2), (-0.5, -0.15), (0.5, -0.15), (1.08, -0.2)),
}


@dataclass(frozen=True)
class Body:
    """Where the body stands below a head: points are given in necks across, head units down."""

    x: float  # px, the middle of the neck
    y: float  # px, the pit of the neck
    neck: float  # px, half the width of the neck
    unit_px: float

    @classmethod
    def below(cls, sitting: Sitting) -> "Body":
        """Return the body of a sitting: it hangs from the middle of the head."""
        x, y = (float(value) for value in sitting.centre)
        wide = 0.33 * sitting.head.skull.shape.neck_width * sitting.unit_px
        return cls(x, y + (MOUTH_Y + 0.8) * sitting.unit_px, wide, sitting.unit_px)

    def at(self, across: float, down: float) -> Point:
        """Return a point in pixels."""
        return (self.x + across * self.neck, self.y + down * self.unit_px)

    def path(self, points: tuple[Point, ...]) -> list[Point]:
        """Return points in pixels."""
        return [self.at(*point) for point in points]


def paint_clothes(canvas: Canvas, sitting: Sitting, body: Body) -> None:
    """Paint the clothes of a person."""
    style = sitting.head.identity.look.clothing
    colour = scaled(sitting.head.identity.look.clothing_colour, 0.92)
    left = body.path(SHOULDER)
    right = [(2 * body.x - x, y) for x, y in reversed(left)]
    neckline = body.path(NECKLINES[style])
    fill(canvas, np.array([*left, *neckline, *right], dtype=np.float32), colour)
    if style == "shirt":
        _paint_collar(canvas, body, colour)
    else:
        edge = np.array([left[-1], *neckline, right[0]], dtype=np.float32)
        thick = np.full(len(edge), 0.022 * body.unit_px, dtype=np.float32)
        ribbon(canvas, edge, thick, scaled(colour, 1.1 if style == "turtleneck" else 0.8))
    if style == "turtleneck":
        _paint_line(canvas, body, ((-1.12, -0.02), (0, 0.07), (1.12, -0.02)), 0.014, colour)
    for side in (-1, 1):
        sleeve = ((side * 3.3, 0.33), (side * 3.55, 0.9), (side * 3.5, 1.4))
        _paint_line(canvas, body, sleeve, 0.008, colour)


def _paint_collar(canvas: Canvas, body: Body, colour: Colour) -> None:
    for side in (-1, 1):
        flap = ((side * 1.2, -0.14), (side * 0.08, 0.19), (side * 0.5, 0.38), (side * 1.5, 0.08))
        outline = np.array(body.path(flap), dtype=np.float32)
        fill(canvas, outline, scaled(colour, 1.14))
        stroke(canvas, [outline], scaled(colour, 0.72), 0.012 * body.unit_px, closed=True)


def _paint_line(
    canvas: Canvas, body: Body, points: tuple[Point, ...], half_width: float, colour: Colour
) -> None:
    line = np.array(body.path(points), dtype=np.float32)
    ribbon(canvas, line, np.full(len(line), half_width * body.unit_px), scaled(colour, 0.76))
