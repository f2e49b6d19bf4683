"""What drawn faces teach: codes that mean the angles, lids and moods of SynthTalk."""

import math

import numpy as np
import pytest
import torch

from talkingface.data.synth import FACTOR_NAMES, factor_row, person
from talkingface.data.synth.camera import CROP
from talkingface.data.synth.head import head_of
from talkingface.data.synth.paint_eyes import iris_centre
from talkingface.data.synth.sitting import sit
from talkingface.models.pd_fgc.factors import code_of_angles
from talkingface.models.pd_fgc.known_codes import (
    code_errors,
    emotion_code,
    eye_code,
    lip_shape,
    named,
    pose_code,
)


def of(**values: float):
    return named(torch.from_numpy(factor_row(**values))[None])


def test_a_pose_code_is_what_the_same_angles_are_given_as() -> None:
    angles = {"yaw": 0.3, "pitch": -0.1, "roll": 0.05}
    torch.testing.assert_close(pose_code(of(**angles)), code_of_angles(tuple(angles.values()), 6))
    shifted = pose_code(of(shift_x=0.03, shift_y=-0.06))
    torch.testing.assert_close(shifted, torch.tensor([[0, 0, 0, 1.0, -2.0, 0]]))


@pytest.mark.parametrize(("gaze", "angle"), [("gaze_x", (0.1, 0.0)), ("gaze_y", (0.0, 0.1))])
def test_a_gaze_code_is_what_the_same_angles_are_given_as(gaze: str, angle) -> None:
    """To the right and up: the iris of a face with that code stands there."""
    unit = {"gaze_x": 0.5, "gaze_y": -0.34}[gaze]  # radians that SynthTalk turns the eye at 1
    code = eye_code(of(**{gaze: 0.1 / unit}))
    torch.testing.assert_close(code[:, [2, 3]], code_of_angles(angle, 2))
    assert not code[:, [0, 1, 4, 5]].any()
    rows = np.stack([factor_row(), factor_row(**{gaze: 0.1 / unit})])
    rest, looks = (iris_centre(one, "left") for one in sit(head_of(person(0)), rows, CROP, 224))
    moved = (looks - rest)[:2] * (1, -1)  # right, up
    assert moved[np.argmax(angle)] > 1  # pixel
    assert abs(moved[1 - np.argmax(angle)]) < 0.2


def test_lids_fill_the_four_numbers_of_the_authors_mask() -> None:
    code = eye_code(of(blink=0.6))[0]
    torch.testing.assert_close(code, torch.tensor([2.0, 2.0, 0.0, 0.0, 2.0, 2.0]))


def test_moods_are_told_one_by_one_and_the_rest_is_nothing() -> None:
    code = emotion_code(of(brow=0.3, angry=0.6), width=8)[0]
    torch.testing.assert_close(code, torch.tensor([1.0, 0, 0, 2.0, 0, 0, 0, 0]))


def test_a_face_at_rest_has_the_code_of_one_that_follows_nobody() -> None:
    rest = of()
    for code in (pose_code(rest), eye_code(rest), emotion_code(rest, 5), lip_shape(rest)):
        assert not code.any()


def test_every_factor_is_in_one_code_and_in_no_other() -> None:
    def codes(factors):
        return {
            "pose": pose_code(factors),
            "blink": eye_code(factors)[:, [0, 1, 4, 5]],
            "gaze": eye_code(factors)[:, [2, 3]],
            "emotion": emotion_code(factors, 5),
            "lip": lip_shape(factors),
        }

    seen_in = {
        name: [code for code, value in codes(of(**{name: 0.5})).items() if value.any()]
        for name in FACTOR_NAMES
    }
    assert all(len(found) == 1 for found in seen_in.values())
    assert {found[0] for found in seen_in.values()} == {"pose", "blink", "gaze", "emotion", "lip"}


def test_an_error_is_measured_in_the_unit_of_its_code() -> None:
    right = {"pose": pose_code(of(yaw=0.2)), "emotion": emotion_code(of(), 5)}
    assert all(error == 0 for error in code_errors(right, of(yaw=0.2)).values())
    errors = code_errors(right, of(yaw=0.4))
    assert errors["pose"] == pytest.approx(0.5 / 6)  # one unit in one of six numbers
    assert math.isclose(errors["emotion"], 0)
