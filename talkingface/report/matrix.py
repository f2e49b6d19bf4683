"""What followed each control, and what moved though it should not, as a picture."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from talkingface.report.axes import WIDTH, canvas, label
from talkingface.report.figures import figure, grid
from talkingface.report.markup import Markup, element, joined
from talkingface.report.numbers import fixed
from talkingface.report.saying import listed, mapping, number, numbers, words

NAMES = 70  # px at the left, for what was moved
ROW, TITLES = 34, 26
STRONG = 0.55  # from this shade on, a number is written in the colour of the paper


def control_matrix(controls: Mapping[str, Any]) -> Markup:
    """Return the matrix of the method, and beside it the one that perfect drawings have."""
    moved = [words(one) for one in listed(controls.get("moved"))]
    factors = [words(one) for one in listed(controls.get("factors"))]
    people, frames = words(controls.get("num_people")), words(controls.get("num_frames"))
    told = (
        f"Each row moves one control alone ({people} people, {frames} frames). In the cell "
        "with an outline, how much of the asked movement was made: 1 is all. In the others, how "
        "much the factor moved though it should not, in units of its own natural movement: 0 is "
        "best. The readers of faces err too: what they report of perfect drawings is the floor."
    )
    figures = [
        _figure(title, moved, factors, controls, key)
        for title, key in (("The method", "method"), ("The floor", "floor"))
        if controls.get(key)
    ]
    return joined([element("p", told), grid(figures)])


def heat_map(
    description: str, moved: Sequence[str], factors: Sequence[str], rows: Sequence[Sequence[float]]
) -> Markup:
    """Draw a number in each cell, the darker the larger."""
    width = (WIDTH - NAMES) / max(1, len(factors))
    parts = [
        label(NAMES + (column + 0.5) * width, TITLES - 10, factor)
        for column, factor in enumerate(factors)
    ]
    for index, (control, row) in enumerate(zip(moved, rows, strict=False)):
        top = TITLES + index * ROW
        parts.append(label(NAMES - 8, top + ROW / 2 + 4, control, anchor="end"))
        for column, (factor, value) in enumerate(zip(factors, row, strict=False)):
            left = NAMES + column * width
            parts.append(_cell(left, top, width, value, is_own=factor == control))
    return canvas(description, *parts, height=TITLES + ROW * len(moved) + 4)


def _cell(left: float, top: float, width: float, value: float, *, is_own: bool) -> Markup:
    shade = round(min(1.0, abs(value)), 2) if math.isfinite(value) else 0.0
    box = element(
        "rect",
        x=round(left + 1, 1),
        y=top + 1,
        width=round(width - 2, 1),
        height=ROW - 2,
        rx=3,
        class_="followed" if is_own else "leaked",
        fill_opacity=shade,
    )
    kind = "cell strong" if shade > STRONG else "cell"
    return joined(
        [box, label(round(left + width / 2, 1), top + ROW / 2 + 4, fixed(value, 2), kind)]
    )


def _figure(
    title: str, moved: Sequence[str], factors: Sequence[str], controls: Mapping[str, Any], key: str
) -> Markup:
    rows = [numbers(row) for row in listed(controls[key])]
    heard = "; ".join(
        f"{control} moved: {_told(dict(zip(factors, row, strict=False)))}"
        for control, row in zip(moved, rows, strict=False)
    )
    drawing = heat_map(f"{title}. {heard}.", moved, factors, rows)
    correlation = mapping(controls.get("correlation" if key == "method" else "correlation_floor"))
    told = _told({control: number(r) for control, r in correlation.items()})
    below = [f"Correlation of asked and read movement: {told}."] if told else []
    return figure([element("strong", title)], drawing, below=below)


def _told(values: Mapping[str, float | None]) -> str:
    return ", ".join(f"{factor} {fixed(value, 2)}" for factor, value in values.items())
