"""What is drawn of one clip: the lips over time, and how far sound and picture are apart."""

import math
from collections.abc import Sequence

from talkingface.report.figures import figure, keys
from talkingface.report.lines import Curve, line_chart
from talkingface.report.markup import Markup, element
from talkingface.report.numbers import plain
from talkingface.report.record import METHOD, TRUTH, Record

KINDS = ((METHOD, "generated", "generated"), (TRUTH, "truth", "real"))  # subject, style, word


def lip_openings(record: Record, clip: str) -> list[Markup]:
    """Return a drawing of both mouths' opening in each frame; none where no metric read them."""
    for metric in record.curves_of(clip, METHOD):
        generated = record.curve(clip, METHOD, metric, "generated")
        real = record.curve(clip, METHOD, metric, "real")
        if generated and len(generated) == len(real):
            seconds = [index / record.fps for index in range(len(generated))]
            curves = [Curve(seconds, real, "truth"), Curve(seconds, generated, "generated")]
            heard = f"Lip opening of {clip} over time, generated and real."
            title = [element("strong", "Lip opening"), " height over width, in time"]
            signs = [(style, word) for _, style, word in KINDS]
            return [figure(title, line_chart(heard, curves, "s"), below=[keys(signs)])]
    return []


def sync_distances(record: Record, clip: str) -> list[Markup]:
    """Return a drawing of the distance of sound and lips at each shift; the lowest is marked."""
    for metric in record.curves_of(clip, METHOD):
        curves, signs = [], []
        for subject, style, word in KINDS:
            shifts = record.curve(clip, subject, metric, "offset")
            distances = record.curve(clip, subject, metric, "distance")
            lowest = _lowest(distances)
            if lowest is None or len(shifts) != len(distances):
                continue
            curves.append(Curve(shifts, distances, style, marked=lowest))
            signs.append((style, f"{word}, lowest at {plain(shifts[lowest])}"))
        if curves:
            heard = f"Sync distance of {clip} by offset: {', '.join(word for _, word in signs)}."
            title = [element("strong", "Sync distance"), " of sound and lips at each offset"]
            drawing = line_chart(heard, curves, "offset in frames")
            return [figure(title, drawing, below=[keys(signs)])]
    return []


def _lowest(values: Sequence[float]) -> int | None:
    """Return the index of the lowest value that is a number, if there is one."""
    finite = [index for index, value in enumerate(values) if math.isfinite(value)]
    return min(finite, key=lambda index: values[index], default=None)
