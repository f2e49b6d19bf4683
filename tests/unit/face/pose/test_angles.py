"""Signs and laws of yaw, pitch and roll."""

import numpy as np
from scipy.spatial.transform import Rotation

from talkingface.face.pose.angles import angle_between, angles_of, rotations_of

NOSE = np.array([0.0, 0.0, 1.0])  # towards the viewer
UP = np.array([0.0, -1.0, 0.0])


def test_positive_yaw_turns_the_nose_to_the_right():
    assert (rotations_of(np.array([0.3, 0, 0])) @ NOSE)[0] > 0.29


def test_positive_pitch_lowers_the_nose():
    assert (rotations_of(np.array([0, 0.3, 0])) @ NOSE)[1] > 0.29


def test_positive_roll_turns_the_head_clockwise():
    assert (rotations_of(np.array([0, 0, 0.3])) @ UP)[0] > 0.29


def test_yaw_comes_after_pitch_and_roll_after_yaw():
    angles = np.random.default_rng(0).uniform(-1, 1, (20, 3))
    # SciPy turns about x from y to z; our pitch is the other way round.
    theirs = Rotation.from_euler("ZYX", angles[:, [2, 0, 1]] * (1, 1, -1)).as_matrix()
    np.testing.assert_allclose(rotations_of(angles), theirs, atol=1e-14)


def test_angles_lead_to_a_rotation_and_back():
    angles = np.random.default_rng(1).uniform(-1.5, 1.5, (4, 5, 3))
    np.testing.assert_allclose(angles_of(rotations_of(angles)), angles, atol=1e-12)


def test_the_angle_between_two_poses_is_that_of_the_turn_between_them():
    turn = Rotation.from_rotvec([0.1, -0.4, 0.2])
    first = rotations_of(np.array([0.5, 0.2, -0.3]))
    angle = angle_between(first, turn.as_matrix() @ first)
    np.testing.assert_allclose(angle, turn.magnitude(), atol=1e-12)
    assert angle_between(first, first) < 1e-7  # an arc cosine near 1 loses half the digits
