"""Where factors stand in a motion, and how they are smoothed."""

import numpy as np
import torch

from talkingface.models.pd_fgc.factors import (
    code_of_angles,
    motion_width,
    places,
    smoothed_lips,
    smoothed_poses,
)


def test_every_number_of_a_motion_belongs_to_one_factor():
    columns = [column for factor in places(500, 30).values() for column in factor]
    assert sorted(columns) == list(range(motion_width(500, 30))) == list(range(542))


def test_of_the_eyes_the_middle_two_numbers_are_the_gaze():
    found = places(500, 30)
    assert found["gaze"] == (532, 533)
    assert found["blink"] == (530, 531, 534, 535)


def test_lips_are_smoothed_as_by_the_published_kernel():
    codes = np.random.default_rng(0).standard_normal((9, 4))
    kernel = [0.27406862, 0.45186276, 0.27406862]  # as the specification writes it
    expected = [np.convolve(column, kernel, mode="valid") for column in codes.T]
    ours = smoothed_lips(torch.from_numpy(codes))
    np.testing.assert_allclose(ours, np.stack(expected, axis=1), rtol=0, atol=1e-7)  # 8 digits


def test_a_pose_is_the_mean_of_the_neighbours_that_it_has():
    codes = np.random.default_rng(0).standard_normal((6, 3))
    expected = [codes[max(0, k - 1) : k + 2].mean(axis=0) for k in range(6)]
    ours = smoothed_poses(torch.from_numpy(codes))
    np.testing.assert_allclose(ours, expected, rtol=0, atol=1e-12)  # float64
    alone = torch.tensor([[2.0, 3.0]])
    assert smoothed_poses(alone).equal(alone)


def test_a_code_begins_with_the_angles():
    assert code_of_angles((0.2, -0.4, 0.0), 6).tolist() == [[1, -2, 0, 0, 0, 0]]
