"""Values lie where a ruler would put them, and the numbers beside an axis are round."""

import math
import re

import numpy as np
import pytest

from talkingface.report.axes import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Axis
from talkingface.report.lines import MOST_POINTS, Curve, line_chart, thinned


@pytest.mark.parametrize("scale", [1e-12, 0.003, 1.0, 47.0, 1e9])
@pytest.mark.parametrize("shift", [0.0, -0.4, 20.0])
def test_ticks_are_few_round_and_on_the_axis(scale: float, shift: float) -> None:
    axis = Axis.around([shift * scale, (shift + 1) * scale], LEFT, RIGHT)
    values = [value for value, _ in axis.ticks()]
    assert 2 <= len(values) <= 6
    assert all(axis.low <= value <= axis.high for value in values)
    steps = np.diff(values)
    np.testing.assert_allclose(steps, steps[0], rtol=1e-6)  # of rounding in the values
    digits = steps[0] / 10 ** math.floor(math.log10(steps[0]) + 1e-9)
    assert min(abs(digits - one) for one in (1, 2, 5, 10)) < 1e-6


@pytest.mark.parametrize("values", [[], [None], [3.0], [0.0, 0.0], [1e16, 1e16 + 2], [1e-320]])
def test_an_axis_has_a_length_whatever_lies_on_it(values: list[float | None]) -> None:
    axis = Axis.around(values, LEFT, RIGHT)
    assert axis.ticks()
    for value in values:
        if value is not None:
            assert LEFT <= axis.place(value) <= RIGHT


def test_a_value_has_its_share_of_the_way() -> None:
    axis = Axis(10.0, 20.0, 100.0, 300.0)
    assert [axis.place(one) for one in (10.0, 12.5, 20.0)] == [100.0, 150.0, 300.0]


def test_a_curve_goes_through_its_points_and_stops_where_there_is_none() -> None:
    xs, ys = [0.0, 1.0, 2.0, 3.0, 4.0], [0.0, 1.0, math.nan, 1.0, 0.0]
    chart = line_chart("A tent.", [Curve(xs, ys, marked=1)], "s")
    (path,) = re.findall(r'<path d="([^"]*)"', chart)
    first, second = path.split("M")[1:]
    assert (first.count("L"), second.count("L")) == (1, 1)
    numbers = [float(one) for one in re.findall(r"[\d.]+", path)]
    columns = np.linspace(LEFT, RIGHT, 5)[[0, 1, 3, 4]]
    np.testing.assert_allclose(numbers[::2], columns, atol=0.05)  # places are written to 0.1
    heights = np.array(numbers[1::2])
    assert heights[0] == heights[3] > heights[1] == heights[2]  # up is a smaller y
    assert all(TOP <= one <= BOTTOM for one in heights)
    assert re.search(rf'<circle cx="{numbers[2]:g}" cy="{numbers[3]:g}"', chart)
    assert f'viewBox="0 0 {WIDTH} {HEIGHT}"' in chart


def test_a_long_curve_is_thinned_to_means() -> None:
    values = np.sin(np.arange(100_003) / 5000)
    thin = thinned(values.tolist())
    assert len(thin) <= MOST_POINTS
    size = math.ceil(len(values) / MOST_POINTS)
    np.testing.assert_allclose(thin[7], values[7 * size : 8 * size].mean(), rtol=1e-12)
    assert thinned([]) == []
    assert thinned([1.0, math.nan, 3.0]) == pytest.approx([1.0, math.nan, 3.0], nan_ok=True)
