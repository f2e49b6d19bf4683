"""Temples of a turned head: skin up to its border, and no hair where none grows."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from talkingface.data.synth import factor_row, person, render
from talkingface.data.synth.ground_truth import face_masks, face_mesh, mesh_triangles, truth

SIZE = 224
TURNED = [float(np.deg2rad(yaw)) for yaw in (30, -30)]
SPIKED, LONG_HAIRED = (29, 39), (2, 15, 34)  # people on whom the flaws were seen


def drawn_triangles(number: int, row: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return where any triangle of the skin lies (SIZE, SIZE), drawn one by one."""
    vertices = face_mesh(person(number), row[None], SIZE).vertices[0, :, :2]
    drawn = np.zeros((SIZE, SIZE), dtype=np.uint8)
    for triangle in np.rint(vertices[mesh_triangles()]).astype(np.int32):
        cv2.fillConvexPoly(drawn, triangle, 255)
    return drawn > 0


@pytest.mark.parametrize("number", [*SPIKED, 15])
@pytest.mark.parametrize("yaw", TURNED)
def test_no_spike_is_cut_into_the_skin_of_a_turned_head(number: int, yaw: float) -> None:
    row = factor_row(yaw=yaw)
    mask = next(face_masks(person(number), row[None], SIZE)) > 127
    missing = (drawn_triangles(number, row) & ~mask).astype(np.uint8)
    # The outline is smoothed, so a rim is missing; no square of 3 px fits into it.
    assert not cv2.erode(missing, np.ones((3, 3), np.uint8)).any()


@pytest.mark.parametrize("number", LONG_HAIRED)
@pytest.mark.parametrize("yaw", TURNED)
def test_no_hair_shows_through_the_cheek_beside_long_hair(number: int, yaw: float) -> None:
    row, who = factor_row(yaw=yaw), person(number)
    dyed = replace(who, look=replace(who.look, hair=(0.0, 255.0, 0.0)))
    before, after = (render(each, row, SIZE).astype(int) for each in (who, dyed))
    mask = next(face_masks(who, row[None], SIZE))
    cheeks = cv2.erode(mask, np.ones((5, 5), np.uint8)) > 127  # the rim is half hair anyway
    known = truth(who, row[None], SIZE)
    below_eyes = round(float(known.landmarks[0, 36:48, 1].mean() + 0.2 * known.unit_px))
    cheeks[:below_eyes] = False  # front hair ends in a point above
    assert np.abs(after - before)[cheeks].max() <= 1  # it was above 90
