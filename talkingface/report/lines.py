"""Curves: values over time, over steps or over offsets."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from talkingface.report.axes import (
    BOTTOM,
    LEFT,
    RIGHT,
    TOP,
    Axis,
    bottom_axis,
    canvas,
    left_axis,
)
from talkingface.report.markup import Markup, element, joined

MOST_POINTS = 400  # of a curve: more than its drawing has pixels


@dataclass(frozen=True)
class Curve:
    """One curve; `kind` is its class in the style sheet: generated, truth or other."""

    xs: Sequence[float]
    ys: Sequence[float]
    kind: str = "generated"
    marked: int | None = None  # index of a point that is shown as a dot


def line_chart(description: str, curves: Sequence[Curve], x_title: str) -> Markup:
    """Draw curves over each other. Where a value is no number, the curve has a gap."""
    x_axis = Axis.around([x for one in curves for x in one.xs], LEFT, RIGHT, margin=0.0)
    y_axis = Axis.around([y for one in curves for y in one.ys], BOTTOM, TOP)
    drawn = [_drawn(one, x_axis, y_axis) for one in curves]
    return canvas(description, left_axis(y_axis), *drawn, bottom_axis(x_axis, x_title))


def thinned(values: Sequence[float], most: int = MOST_POINTS) -> list[float]:
    """Return at most so many values, each the mean of its neighbours that are numbers.

    >>> thinned([1.0, 3.0, 5.0, math.nan], most=2)
    [2.0, 5.0]
    """
    size = math.ceil(len(values) / most)
    parts = [values[start : start + size] for start in range(0, len(values), size or 1)]
    return [_mean([one for one in part if math.isfinite(one)]) for part in parts]


def _drawn(curve: Curve, x_axis: Axis, y_axis: Axis) -> Markup:
    points = list(zip(thinned(curve.xs), thinned(curve.ys), strict=True))
    path, pen = [], "M"
    for x, y in points:
        if not math.isfinite(y):
            pen = "M"
            continue
        path.append(f"{pen}{x_axis.place(x):g} {y_axis.place(y):g}")
        pen = "L"
    shapes = [element("path", d="".join(path), class_=f"curve {curve.kind}")]
    if curve.marked is not None:
        x, y = x_axis.place(curve.xs[curve.marked]), y_axis.place(curve.ys[curve.marked])
        shapes.append(element("circle", cx=x, cy=y, r=3.5, class_=f"dot {curve.kind}"))
    return joined(shapes)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else math.nan
