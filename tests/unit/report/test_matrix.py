"""The picture of the controls shows the numbers that were measured, each where it belongs."""

import re

from talkingface.report.matrix import control_matrix, heat_map
from talkingface.report.numbers import NOTHING

MOVED, FACTORS = ["lip", "pose"], ["lip", "pose", "blink"]
ROWS = [[0.9, 0.03, 0.2], [0.1, 1.4, float("nan")]]


def test_every_number_stands_in_its_cell_and_the_followed_ones_are_marked() -> None:
    drawing = heat_map("A matrix.", MOVED, FACTORS, ROWS)
    cells = re.findall(
        r'<rect x="([\d.]+)" y="([\d.]+)".*?class="(\w+)" fill-opacity="([\d.]+)"', drawing
    )
    assert [kind for _, _, kind, _ in cells] == [
        *("followed", "leaked", "leaked"),
        *("leaked", "followed", "leaked"),
    ]
    assert [float(shade) for *_, shade in cells] == [0.9, 0.03, 0.2, 0.1, 1.0, 0.0]
    written = re.findall(r'class="cell(?: strong)?" text-anchor="middle">([^<]*)<', drawing)
    assert written == ["0.90", "0.03", "0.20", "0.10", "1.40", NOTHING]
    columns = sorted({float(x) for x, *_ in cells})
    assert len(columns) == 3
    assert len({y for _, y, *_ in cells}) == 2


def test_the_floor_stands_beside_the_method() -> None:
    controls = {"moved": MOVED, "factors": FACTORS, "method": ROWS, "correlation": {"lip": 0.8}}
    assert control_matrix(controls).count("<svg") == 1
    both = control_matrix({**controls, "floor": ROWS})
    assert both.count("<svg") == 2
    assert "lip 0.80." in both
    assert (
        f"pose moved: lip 0.10, pose 1.40, blink {NOTHING}" in both
    )  # for those who hear the page


def test_what_is_no_matrix_makes_no_trouble() -> None:
    for wrong in ({"moved": 5}, {"moved": [1], "factors": "x", "method": [[1], 2]}, {"method": {}}):
        assert "<svg" in control_matrix(wrong) or "<p>" in control_matrix(wrong)
