"""Pictures: each factor changes its own part of the face, and nothing is left to chance."""

import numpy as np
import pytest
from numpy.typing import NDArray

from talkingface.data.synth import (
    exchanged,
    factor_row,
    person,
    render,
    render_each,
    render_frames,
    truth,
)
from talkingface.data.synth.camera import ALIGNED, CROP
from talkingface.data.synth.ground_truth import face_masks, mouth_masks
from talkingface.data.synth.rendering import render_bare_faces

BALD_AND_BARE = next(
    n
    for n in range(500)
    if person(n).look.hair_style == "bald"
    and person(n).look.beard == "none"
    and person(n).look.glasses == "none"
)
EYES, MOUTH = slice(22, 46), slice(58, 90)  # rows at 112 px


def changed(before: NDArray[np.uint8], after: NDArray[np.uint8], rows: slice) -> float:
    return float(np.abs(before[rows].astype(int) - after[rows]).mean())


def test_a_frame_does_not_depend_on_the_frames_drawn_before() -> None:
    rows = np.stack([factor_row(yaw=y, open=abs(y)) for y in (-0.5, 0.1, 0.4)])
    together = list(render_frames(person(3), rows, 112))
    alone = [render(person(3), row, 112) for row in rows]
    np.testing.assert_array_equal(together, alone)


def test_a_batch_of_people_is_drawn_as_each_alone() -> None:
    people = [person(n) for n in (3, 8, 3)]
    rows = np.stack([factor_row(yaw=y, open=abs(y)) for y in (-0.5, 0.1, 0.4)])
    alone = [render(who, row, 56) for who, row in zip(people, rows, strict=True)]
    np.testing.assert_array_equal(list(render_each(people, rows, 56)), alone)


@pytest.mark.parametrize("factor", ["blink", "gaze_x", "gaze_y"])
def test_eyes_move_without_the_mouth(factor: str) -> None:
    still, moved = (render(person(5), factor_row(**{factor: v}), 112) for v in (0.0, 1.0))
    assert changed(still, moved, EYES) > 1.0
    assert changed(still, moved, MOUTH) == 0


@pytest.mark.parametrize("factor", ["open", "round", "press", "tuck", "wide"])
def test_lips_move_without_the_eyes(factor: str) -> None:
    still, moved = (render(person(5), factor_row(**{factor: v}), 112) for v in (0.0, 1.0))
    assert changed(still, moved, MOUTH) > 0.25
    assert changed(still, moved, slice(0, 40)) < 0.05  # the jaw's skin is lit a little otherwise


def test_the_gaze_can_be_seen_at_112_px() -> None:
    row = {side: factor_row(gaze_x=v) for side, v in (("left", -1.0), ("right", 1.0))}
    centres = {}
    for side, factors in row.items():
        picture = render(person(BALD_AND_BARE), factors, 112)
        points = truth(person(BALD_AND_BARE), factors[None], 112).landmarks[0]
        x0, x1 = points[36, 0], points[39, 0]
        y0, y1 = points[37:39, 1].min(), points[40:42, 1].max()
        eye = picture[round(y0) + 2 : round(y1), round(x0) + 2 : round(x1) - 1].mean(axis=2)
        dark = np.clip(120 - eye, 0, None)
        centres[side] = float((dark.sum(axis=0) * np.arange(eye.shape[1])).sum() / dark.sum())
    assert centres["right"] - centres["left"] > 3  # px, of an eye 17 px wide


def test_the_face_mask_is_where_the_bare_face_is() -> None:
    rows = np.stack([factor_row(yaw=y, open=0.5) for y in (0.0, 0.5, -0.5)])
    who = person(BALD_AND_BARE)
    drawn = [picture.max(axis=2) > 24 for picture in render_bare_faces(who, rows, 112)]
    masks = [mask > 127 for mask in face_masks(who, rows, 112)]
    for seen, mask in zip(drawn, masks, strict=True):
        # Lit skin against a polygon: they differ along a rim of half a pixel, and where the
        # jaw lies in the dark.
        assert (seen & mask).sum() / (seen | mask).sum() > 0.95


def test_the_mouth_mask_holds_all_that_lips_change_but_the_chin() -> None:
    rows = np.stack([factor_row(), factor_row(tongue=1.0, open=0.6), factor_row(open=0.6)])
    pictures = list(render_frames(person(4), rows, 112))
    mask = list(mouth_masks(person(4), rows, 112))[2] > 127
    difference = np.abs(pictures[1].astype(int) - pictures[2]).max(axis=2) > 8
    assert difference.sum() > 20
    assert (difference & ~mask).sum() == 0


def test_the_crop_of_pc_avs_turns_the_aligned_framing_into_the_cropped_one() -> None:
    row = factor_row(yaw=0.2, open=0.3)
    aligned = render(person(9), row, 448, ALIGNED)
    cropped = render(person(9), row, 384, CROP)
    # Rows 0 to 191 and columns 16 to 207 of 224 are rows 0 to 383 and columns 32 to 415 of 448.
    cut = aligned[:384, 32:416].astype(int)
    assert np.abs(cut - cropped).mean() < 2.0  # lines are whole pixels wide at every size


def test_exchanging_a_group_leaves_the_others() -> None:
    first, second = factor_row(yaw=0.3, open=1.0), factor_row(yaw=-0.3, blink=1.0)
    mixed = exchanged(first, "pose", second)
    np.testing.assert_array_equal(mixed, factor_row(yaw=-0.3, open=1.0))
