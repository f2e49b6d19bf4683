"""Our CPBD against that of the published program."""

import numpy as np
import pytest

from talkingface.metrics.canny import canny
from talkingface.metrics.cpbd import cpbd, edge_widths, vertical_edges
from talkingface.metrics.gray import gray
from tests.parity.syncnet.inputs import GOLDEN, degraded_pictures

PICTURES = degraded_pictures()


@pytest.mark.parametrize("name", PICTURES)
def test_cpbd_is_that_of_the_published_program(name):
    # a share of counted edges: one edge more or less would be 1e-4
    assert cpbd(PICTURES[name]) == pytest.approx(GOLDEN["cpbd"][name], abs=1e-12)


def test_each_step_of_cpbd_counts_what_the_published_program_counts():
    levels = gray(PICTURES["same"]).astype(np.float64)
    widths = edge_widths(levels)
    assert {
        "edge_pixels": vertical_edges(levels).sum(),
        "width_pixels": (widths > 0).sum(),
        "width_sum": widths.sum(),
        "canny_pixels": canny(levels, 0.1, 0.2).sum(),
    } == GOLDEN["cpbd_detail"]
