"""Head pose from flat points."""

import cv2
import numpy as np
import pytest

from talkingface.face.pose.angles import angles_of, rotations_of
from talkingface.face.pose.canonical import CANONICAL_FACE
from talkingface.face.pose.head_pose import head_pose, with_depth
from talkingface.face.pose.rigid import STILL_POINTS

ANGLES = np.random.default_rng(0).uniform(-0.6, 0.6, (12, 3))
HEADS = (CANONICAL_FACE - CANONICAL_FACE[STILL_POINTS].mean(axis=0)) @ rotations_of(
    ANGLES
).swapaxes(1, 2)


def test_the_pose_of_a_turned_canonical_face_is_found():
    flat = 0.7 * HEADS[..., :2] + (300, 200)
    # what is left after the last round of the fit
    np.testing.assert_allclose(head_pose(flat), ANGLES, atol=1e-5)


def test_the_pose_does_not_change_when_the_picture_is_cropped_and_resized():
    flat = HEADS[..., :2] + np.random.default_rng(1).normal(size=(12, 68, 2)) * 2
    np.testing.assert_allclose(head_pose(flat), head_pose(3 * flat - (40, 90)), atol=1e-9)


def test_a_pixel_of_noise_costs_about_a_degree():
    # the face is 124 px wide; a degree of yaw moves the nose 1.4 px against the ears
    flat = HEADS[..., :2] + np.random.default_rng(2).normal(size=(12, 68, 2))
    assert np.degrees(np.abs(head_pose(flat) - ANGLES)).mean() < 0.8


def test_the_pose_is_that_of_a_perspective_solver_with_a_far_camera():
    far = 5e3
    camera = np.array([[far, 0, 0], [0, far, 0], [0, 0, 1]])
    to_camera = np.diag([1.0, 1.0, -1.0])  # its z points away from the viewer
    model = CANONICAL_FACE[STILL_POINTS] @ to_camera
    for head, angles in zip(HEADS, head_pose(HEADS[..., :2]), strict=True):
        flat = head[STILL_POINTS, :2]
        _, turn, _ = cv2.solvePnP(model, flat, camera, None, flags=cv2.SOLVEPNP_SQPNP)
        theirs = angles_of(to_camera @ cv2.Rodrigues(turn)[0] @ to_camera)
        np.testing.assert_allclose(angles, theirs, atol=5e-3)  # 22 / its distance


def test_frames_without_a_face_have_no_pose():
    flat = HEADS[..., :2].copy()
    flat[4] = np.nan
    pose = head_pose(flat)
    assert np.isnan(pose[4]).all()
    np.testing.assert_allclose(np.delete(pose, 4, 0), np.delete(ANGLES, 4, 0), atol=1e-5)
    assert head_pose(np.full((2, 68, 2), np.nan)).shape == (2, 3)


def test_depth_is_that_of_the_turned_face_in_pixels():
    flat = 0.7 * HEADS[..., :2] + (300, 200)
    flat[3] = np.nan
    points = with_depth(flat)
    np.testing.assert_array_equal(points[..., :2], flat)
    expected = 0.7 * HEADS[..., 2]
    expected[3] = np.nan
    np.testing.assert_allclose(points[..., 2], expected, atol=1e-3)


@pytest.mark.parametrize("group", [slice(0, 17), slice(17, 27), slice(27, 36), slice(48, 68)])
def test_the_canonical_face_is_symmetric(group):
    face = CANONICAL_FACE[group]
    mirrored = face * (-1, 1, 1) + (256, 0, 0)
    nearest = np.linalg.norm(face[:, None] - mirrored[None], axis=-1).min(axis=1)
    assert nearest.max() < 0.002  # its coordinates are rounded to thousandths
