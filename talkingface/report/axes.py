"""Axes of a drawing: where a value lies, which round numbers stand beside it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from talkingface.report.markup import Markup, element, joined
from talkingface.report.numbers import MINUS, is_number

WIDTH, HEIGHT = 340, 160  # of a drawing; it is shown at about this size on a phone and on a desk
LEFT, RIGHT, TOP, BOTTOM = 44, 330, 10, 124  # the field of values inside of it
TICK_LABEL_Y, AXIS_LABEL_Y = 138, 154
SAME, SMALLEST = 1e-9, 1e-30  # values are one if they differ less, by share or at all


@dataclass(frozen=True)
class Axis:
    """Values from `low` to `high`, drawn from the place `start` to the place `end`."""

    low: float
    high: float
    start: float
    end: float

    @classmethod
    def around(
        cls, values: Iterable[float | None], start: float, end: float, margin: float = 0.05
    ) -> "Axis":
        """Return an axis on which every finite value has a place, and a little more."""
        finite = [value for value in values if is_number(value)]
        low, high = (min(finite), max(finite)) if finite else (0.0, 1.0)
        size = max(abs(low), abs(high))
        space = (high - low) * margin
        if high - low <= max(SAME * size, SMALLEST):
            # A value that is everywhere the same still gets an axis with a length.
            space = size * 0.1 if size > SMALLEST else 1.0
        return cls(low - space, high + space, start, end)

    def place(self, value: float) -> float:
        """Return where a value lies, to a tenth of a unit."""
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self, at_most: int = 5) -> list[tuple[float, str]]:
        """Return round values on the axis, each as it is written.

        >>> Axis(-0.1, 1.1, 0, 100).ticks()
        [(0.0, '0'), (0.5, '0.5'), (1.0, '1.0')]
        """
        step = _round_step((self.high - self.low) / at_most)
        first, last = math.ceil(self.low / step), math.floor(self.high / step)
        values = [index * step for index in range(first, last + 1)]
        return [(value, _written(value, step)) for value in values]


def canvas(description: str, *content: str, height: float = HEIGHT) -> Markup:
    """Return a drawing; `description` is what someone hears who cannot see it."""
    box = f"0 0 {WIDTH} {height:g}"
    return element("svg", *content, viewBox=box, role="img", aria_label=description)


def label(x: float, y: float, written: str, kind: str = "tick", anchor: str = "middle") -> Markup:
    """Return a word at a place."""
    return element("text", written, x=x, y=y, class_=kind, text_anchor=anchor)


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    """Return a straight line; `kind` is its class in the style sheet."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=kind)


def bottom_axis(axis: Axis, title: str = "") -> Markup:
    """Return the line below the field, with its ticks and what it counts."""
    parts = [line(LEFT, BOTTOM, RIGHT, BOTTOM, "axis")]
    for value, written in axis.ticks():
        place = axis.place(value)
        parts += [line(place, BOTTOM, place, BOTTOM + 4, "axis")]
        parts += [label(place, TICK_LABEL_Y, written)]
    if title:
        parts.append(label((LEFT + RIGHT) / 2, AXIS_LABEL_Y, title, "title"))
    return joined(parts)


def left_axis(axis: Axis) -> Markup:
    """Return faint lines through the field at round values, each with its number at the left."""
    parts = []
    for value, written in axis.ticks(4):
        place = axis.place(value)
        parts += [line(LEFT, place, RIGHT, place, "grid-line")]
        parts += [label(LEFT - 6, place + 4, written, anchor="end")]
    return joined(parts)


def _round_step(least: float) -> float:
    """Return the smallest 1, 2 or 5 times a power of ten that is no smaller than `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * 0.999)


def _written(value: float, step: float) -> str:
    if abs(value) < step / 2:
        return "0"
    if abs(value) >= 1e6 or step < 1e-4:
        return f"{value:.3g}".replace("-", MINUS)
    decimals = max(0, -math.floor(math.log10(step)))
    return f"{value:.{decimals}f}".replace("-", MINUS)
