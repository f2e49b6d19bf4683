"""The curves of the training that the weights of a run come from."""

from collections.abc import Mapping

from talkingface.report.figures import figure, grid
from talkingface.report.history import History
from talkingface.report.lines import Curve, line_chart
from talkingface.report.markup import Markup, element, joined, name
from talkingface.report.numbers import plain

VALIDATION = "val/"  # scores of the val split begin with it
MOST_FIGURES = 24


def training_curves(history: History) -> Markup:
    """Return a drawing for each loss, and first for each score of the validation."""
    if history.run is None:
        return Markup()
    names = sorted(history.curves, key=lambda one: not one.startswith(VALIDATION))
    run = element("p", "The weights were trained in ", name(str(history.run)), ".", class_="remark")
    figures = [_figure(one, history.curves[one]) for one in names[:MOST_FIGURES]]
    return joined([run, grid(figures)])


def _figure(title: str, curve: Mapping[int, float]) -> Markup:
    steps, values = list(curve), list(curve.values())
    heard = f"{title} from step {steps[0]} to {steps[-1]}: first {plain(values[0])}, last"
    drawing = line_chart(f"{heard} {plain(values[-1])}.", [Curve(steps, values)], "step")
    return figure([element("strong", name(title)), f" last {plain(values[-1])}"], drawing)
