"""Each clip is a dot where its score lies, and no two dots lie over each other."""

import re

import numpy as np
import pytest

from talkingface.report.axes import BOTTOM, LEFT, RIGHT, TOP, Axis
from talkingface.report.swarm import MOST_DOTS, RADIUS, Swarm, swarm_chart

NUMBER = r'="([\d.]+)"'


def drawn(values: np.ndarray, **references: float) -> tuple[str, Axis]:
    swarm = Swarm(
        {f"clip <{index}>": float(value) for index, value in enumerate(values)},
        float(values.mean()),
        float(values.std() / 3),
        references,
    )
    axis = Axis.around(swarm.everything(), LEFT, RIGHT)
    return swarm_chart("Scores.", swarm, axis, "dB"), axis


@pytest.mark.parametrize("num_clips", [1, 2, 30, MOST_DOTS])
def test_every_clip_has_a_dot_of_its_own(num_clips: int) -> None:
    values = np.random.default_rng(3).normal(20, 2, num_clips)
    chart, axis = drawn(values)
    dots = re.findall(rf"<circle cx{NUMBER} cy{NUMBER} r{NUMBER} class=\"clip\"", chart)
    places = np.array(dots, dtype=float)
    assert len(places) == num_clips
    radius = places[0, 2]
    # A column is as wide as a dot, so a dot is at most a column's width from its value.
    expected = sorted(axis.place(value) for value in values)
    assert np.abs(np.sort(places[:, 0]) - expected).max() <= 2 * RADIUS
    assert (places[:, 1] + radius <= BOTTOM).all()
    assert (places[:, 1] - radius >= TOP).all()
    column_of = {x: places[places[:, 0] == x, 1] for x in places[:, 0]}
    for heights in column_of.values():
        assert (np.diff(np.sort(heights)) >= 2 * radius - 0.11).all()  # written to 0.1
    assert chart.count("clip &lt;") == num_clips


def test_of_very_many_clips_columns_are_drawn_that_count_them_all() -> None:
    chart, _ = drawn(np.random.default_rng(3).normal(20, 2, MOST_DOTS + 1))
    counts = [int(one) for one in re.findall(r"<title>(\d+) clips</title>", chart)]
    heights = [float(one) for one in re.findall(rf" height{NUMBER} class=\"clip\"", chart)]
    assert sum(counts) == MOST_DOTS + 1
    ratio = np.array(heights) / counts
    np.testing.assert_allclose(ratio, ratio.max(), atol=0.06)  # heights are written to 0.1
    assert len(chart) < 20_000


def test_mean_and_references_stand_at_their_values() -> None:
    values = np.array([1.0, 2.0, 3.0])
    chart, axis = drawn(values, truth=9.0)
    assert f'x1="{axis.place(9.0):g}"' in chart
    (mean,) = re.findall(rf"<circle cx{NUMBER} cy{NUMBER} r{NUMBER} class=\"mean\"", chart)
    assert float(mean[0]) == pytest.approx(axis.place(2.0))
    assert 'class="reference truth"' in chart


def test_without_any_value_there_is_an_empty_drawing() -> None:
    axis = Axis.around([], LEFT, RIGHT)
    assert "circle" not in swarm_chart("None.", Swarm({}, None, None), axis, "")
