"""The scores of all clips as dots, one on the other where they are alike."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from talkingface.report.axes import (
    BOTTOM,
    HEIGHT,
    TICK_LABEL_Y,
    TOP,
    Axis,
    bottom_axis,
    canvas,
    line,
)
from talkingface.report.markup import Markup, element, joined
from talkingface.report.numbers import is_number, plain

RADIUS = 4.0  # of a dot, where there is room for it
MOST_DOTS = 400  # of more, columns are drawn
MEAN_ROOM = 14  # above the dots, where the mean and its error are drawn


@dataclass(frozen=True)
class Swarm:
    """What is drawn: a score for each clip, their mean, and what it is to be compared with."""

    values: Mapping[str, float]  # by clip
    mean: float | None
    error: float | None
    references: Mapping[str, float] = field(default_factory=dict)  # means by subject

    def everything(self) -> list[float]:
        """Return every value that must have a place on the axis."""
        return [*self.values.values(), *self.references.values()]


def swarm_chart(description: str, swarm: Swarm, axis: Axis, unit: str) -> Markup:
    """Draw the scores; the bar on top is the mean with its standard error."""
    values = sorted(swarm.values.items(), key=lambda item: item[1])
    lines = [
        line(axis.place(value), TOP, axis.place(value), BOTTOM, f"reference {kind}")
        for kind, value in swarm.references.items()
    ]
    return canvas(
        description,
        *lines,
        _stacked(values, axis),
        _mean_bar(swarm, axis),
        bottom_axis(axis, unit),
        height=HEIGHT if unit else TICK_LABEL_Y + 4,
    )


def stacks(places: Sequence[float], width: float) -> list[list[int]]:
    """Return the indices of sorted places in columns, each at most `width` wide.

    >>> stacks([0.0, 1.0, 5.0, 5.5], 2.0)
    [[0, 1], [2, 3]]
    """
    columns: list[list[int]] = []
    for index, place in enumerate(places):
        if columns and place - places[columns[-1][0]] < width:
            columns[-1].append(index)
        else:
            columns.append([index])
    return columns


def _stacked(values: Sequence[tuple[str, float]], axis: Axis) -> Markup:
    places = [axis.place(value) for _, value in values]
    columns = stacks(places, 2 * RADIUS)
    room = BOTTOM - TOP - MEAN_ROOM
    tallest = max(map(len, columns), default=1)
    radius = min(RADIUS, room / (2 * tallest))
    if len(values) > MOST_DOTS:
        return joined(_column(column, places, room / tallest) for column in columns)
    dots = []
    for column in columns:
        x = math.fsum(places[index] for index in column) / len(column)
        for height, index in enumerate(column):
            y = round(BOTTOM - 1 - radius * (2 * height + 1), 1)
            clip, value = values[index]
            told = element("title", f"{clip}: {plain(value)}")
            dots.append(element("circle", told, cx=round(x, 1), cy=y, r=radius, class_="clip"))
    return joined(dots)


def _column(column: Sequence[int], places: Sequence[float], step: float) -> Markup:
    height = round(len(column) * step, 1)
    told = element("title", f"{len(column)} clips")
    return element(
        "rect",
        told,
        x=places[column[0]] - RADIUS,
        y=BOTTOM - height,
        width=2 * RADIUS - 1,
        height=height,
        class_="clip",
    )


def _mean_bar(swarm: Swarm, axis: Axis) -> Markup:
    if not is_number(swarm.mean):
        return Markup()
    y, place = TOP + 2, axis.place(swarm.mean)
    error = swarm.error if is_number(swarm.error) else 0.0
    low, high = axis.place(swarm.mean - error), axis.place(swarm.mean + error)
    return joined(
        [line(low, y, high, y, "error"), element("circle", cx=place, cy=y, r=3.5, class_="mean")]
    )
