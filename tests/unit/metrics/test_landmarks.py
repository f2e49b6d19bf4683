"""Laws of the scores of landmarks, poses and eyes. Values are held against goldens in parity."""

import numpy as np
import pytest
from scipy.linalg import expm

from talkingface.metrics.base import Pair, View
from talkingface.metrics.eyes import blink_f1, blinks, eye_aspect_ratio, runs
from talkingface.metrics.gaze import angle_between
from talkingface.metrics.head_pose import axis_errors, turn_between
from talkingface.metrics.landmark_distance import (
    LMD,
    NME,
    FaceLMD,
    aligned_distance,
    centred_distance,
    landmark_distance,
    normalized_error,
)
from talkingface.metrics.landmark_motion import LVD, Jitter, velocity_difference
from talkingface.metrics.mouth_opening import MouthOpeningCorrelation

rng = np.random.default_rng(5)
FACE = rng.normal(0, 20, (12, 68, 2)) + 112
OTHER = FACE + rng.normal(0, 3, FACE.shape)


def turned(points, angle, scale, shift):
    cos, sin = scale * np.cos(angle), scale * np.sin(angle)
    return points @ np.array([[cos, sin], [-sin, cos]]) + shift


def scored(metric, generated, reference, size=224):
    frames = np.zeros((len(generated), size, size, 1), np.uint8)
    sides = (View(frames, {"landmarks": lambda p=p: p}) for p in (generated, reference))
    metric.update(Pair(*sides))
    return metric


def test_a_known_displacement_costs_its_length_and_nothing_once_centred():
    moved = FACE + np.array([3.0, 4.0])
    np.testing.assert_allclose(landmark_distance(moved, FACE), 5)
    np.testing.assert_allclose(centred_distance(moved, FACE), 0, atol=1e-12)


def test_the_centred_distance_knows_no_shift_of_single_frames():
    shifted = OTHER + rng.normal(0, 9, (12, 1, 2))
    np.testing.assert_allclose(centred_distance(shifted, FACE), centred_distance(OTHER, FACE))


def test_the_aligned_distance_knows_no_similarity():
    moved = turned(OTHER, 0.4, 1.3, [7, -2])
    np.testing.assert_allclose(aligned_distance(moved, FACE), aligned_distance(OTHER, FACE))


def test_the_normalized_error_knows_no_common_scale():
    np.testing.assert_allclose(
        normalized_error(OTHER * 2.5, FACE * 2.5), normalized_error(OTHER, FACE)
    )


def test_distances_are_those_of_a_frame_of_224_px():
    small, large = scored(FaceLMD(), OTHER, FACE), scored(FaceLMD(), OTHER * 2, FACE * 2, 448)
    assert small.compute() == pytest.approx(large.compute())
    assert small.compute() == pytest.approx(landmark_distance(OTHER, FACE).mean())


def test_the_longer_side_of_a_frame_counts():
    frames = np.zeros((12, 224, 448, 1), np.uint8)
    metric = FaceLMD()
    metric.update(Pair(*(View(frames, {"landmarks": lambda p=p: p}) for p in (OTHER, FACE))))
    assert metric.compute() == pytest.approx(landmark_distance(OTHER, FACE).mean() / 2)


@pytest.mark.parametrize("metric", [LMD, FaceLMD, NME, LVD, Jitter])
def test_frames_without_a_face_are_left_out_and_counted(metric):
    holes = OTHER.copy()
    holes[4] = np.nan
    whole, cut = scored(metric(), OTHER, FACE), scored(metric(), holes, FACE)
    assert np.isfinite(cut.compute())
    frames_hit = {LVD: 2, Jitter: 3}.get(metric, 1)
    assert cut.facts()["num_missing"] - whole.facts()["num_missing"] == frames_hit
    assert cut.facts()["num_frames"] + frames_hit == whole.facts()["num_frames"]


def test_velocity_knows_no_constant_displacement():
    moved = FACE + np.array([3.0, 4.0])
    np.testing.assert_allclose(velocity_difference(moved, FACE), 0, atol=1e-12)


def test_jitter_of_the_real_face_stands_beside_that_of_the_generated_one():
    metric = scored(Jitter(), OTHER, FACE)
    assert metric.facts()["of_real"] == pytest.approx(scored(Jitter(), FACE, FACE).compute())


def test_the_correlation_of_mouths_is_pearsons():
    metric = scored(MouthOpeningCorrelation(), OTHER, FACE)
    ratios = [
        np.linalg.norm(p[:, 62] - p[:, 66], axis=1) / np.linalg.norm(p[:, 60] - p[:, 64], axis=1)
        for p in (OTHER, FACE)
    ]
    assert metric.compute() == pytest.approx(np.corrcoef(*ratios)[0, 1])
    still = np.repeat(FACE[:1], 12, axis=0)
    assert np.isnan(scored(MouthOpeningCorrelation(), still, FACE).compute())


def test_a_blink_is_a_run_of_frames_below_the_eyes_own_opening():
    openings = np.full(40, 0.3)
    openings[[5, 6, 7, 20]] = 0.1
    openings[30] = np.nan
    assert blinks(openings) == [(5, 7), (20, 20)]
    assert blinks(openings * 0.5) == blinks(openings)
    assert blinks(openings, threshold=0.05) == []
    assert blinks(np.full(5, np.nan)) == []


def test_blinks_match_within_three_frames_and_once_each():
    real = [(10, 12), (40, 42)]
    assert blink_f1(real, real) == 1
    assert blink_f1([(13, 15), (37, 39)], real) == 1
    assert blink_f1([(14, 16), (40, 42)], real) == 0.5
    assert blink_f1([(10, 12), (11, 13)], [(10, 12)]) == pytest.approx(2 / 3)
    assert blink_f1([], real) == 0
    assert blink_f1([], []) == 1


def test_runs_are_those_of_a_plain_loop():
    flags = rng.random(200) < 0.6
    plain, start = [], None
    for index, flag in enumerate([*flags, False]):
        if flag and start is None:
            start = index
        if not flag and start is not None:
            plain.append((start, index - 1))
            start = None
    assert runs(flags) == plain


def test_an_eye_half_closed_has_half_the_opening():
    closing = FACE.copy()
    corners = [36, 39, 42, 45]
    closing[:, 36:48, 1] = 100
    closing[:, [37, 38, 43, 44], 1] = 92
    closing[:, corners, 0] = [80, 100, 130, 150]
    closing[:, [37, 41, 43, 47], 0] = 90
    closing[:, [38, 40, 44, 46], 0] = 95
    np.testing.assert_allclose(eye_aspect_ratio(closing), 8 / 20)
    closing[:, [37, 38, 43, 44], 1] = 96
    np.testing.assert_allclose(eye_aspect_ratio(closing), 4 / 20)


@pytest.mark.parametrize("axis", range(3))
def test_a_turn_about_one_axis_is_the_difference_of_its_angle(axis):
    pose = np.zeros((1, 3))
    pose[0, axis] = np.radians(-25)
    assert turn_between(pose, np.zeros((1, 3)))[0] == pytest.approx(25)
    assert axis_errors(pose, np.zeros((1, 3)))[0, axis] == pytest.approx(25)


def test_the_turn_between_poses_is_that_of_their_matrices():
    def turn(axis, angle):
        return expm(angle * np.cross(np.eye(3), np.eye(3)[axis]))

    def matrix(yaw, pitch, roll):
        return turn(2, roll) @ turn(1, yaw) @ turn(0, -pitch)  # our pitch turns the other way

    poses = rng.uniform(-1, 1, (2, 5, 3))
    ours = turn_between(*poses)
    for angle, first, second in zip(ours, *poses, strict=True):
        trace = np.trace(matrix(*first).T @ matrix(*second))
        assert angle == pytest.approx(np.degrees(np.arccos((trace - 1) / 2)))


def test_a_frame_without_a_pose_has_no_error():
    poses = np.array([[0.1, 0, 0], [np.nan] * 3])
    assert np.isnan(turn_between(poses, poses)[1])
    assert np.isnan(axis_errors(poses, poses)[1]).all()


def test_the_angle_of_gazes_knows_no_length_and_is_exact_when_small():
    tiny = 1e-7
    gaze = np.array([[0.0, 0, 1]])
    assert angle_between(gaze * 5, gaze)[0] == 0
    close = np.array([[0.0, np.sin(tiny), np.cos(tiny)]])
    assert angle_between(close, gaze)[0] == pytest.approx(np.degrees(tiny), rel=1e-9)
