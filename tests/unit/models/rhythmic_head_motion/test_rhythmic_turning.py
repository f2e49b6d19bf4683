"""Heads that stay near the pose of their photograph."""

import numpy as np
import pytest

from talkingface.face.pose.angles import angle_between, rotations_of
from talkingface.models.rhythmic_head_motion.placing import middles, motions_of, turns_to_front
from talkingface.models.rhythmic_head_motion.turning import (
    damped,
    farthest_turn,
    kept_near,
    most_turn,
)

PLACE = np.array([[130.0, 120.0, -5.0]])


def looking(**degrees) -> np.ndarray:
    """Return the motion (6,) of a head with yaw, pitch and roll."""
    angles = np.radians([degrees.get(name, 0) for name in ("yaw", "pitch", "roll")])
    return motions_of(rotations_of(angles).T[None], PLACE)[0]


def turn_between(one, other) -> float:
    first, second = turns_to_front(np.stack([one, other]))
    return float(np.degrees(angle_between(first, second)))


@pytest.mark.parametrize("degrees", [{"yaw": 9}, {"pitch": -9}, {"roll": 9}, {}])
def test_small_turns_are_done_as_asked(degrees):
    own, asked = looking(), looking(**degrees)
    np.testing.assert_allclose(kept_near(asked[None], own)[0], asked, atol=1e-9)


def test_a_turn_is_counted_from_the_photograph_not_from_the_front():
    own, asked = looking(yaw=20), looking(yaw=-20)
    assert np.degrees(farthest_turn(asked[None], own)) == pytest.approx(40)
    kept = kept_near(asked[None], own)[0]
    most = np.degrees(most_turn(own))
    assert 0.9 * most < turn_between(kept, own) < most


def test_what_is_left_of_a_turn_is_a_part_of_it():
    own, asked = looking(yaw=20, pitch=10), looking(yaw=-15, pitch=-20, roll=25)
    (kept,) = kept_near(asked[None], own)
    # On the shortest way from one pose to another, and on it alone, both parts add up.
    both = turn_between(own, kept) + turn_between(kept, asked)
    assert both == pytest.approx(turn_between(own, asked), abs=1e-6)


def test_turns_grow_smoothly_with_what_is_asked_and_never_reach_the_limit():
    own = looking()
    asked = np.stack([looking(yaw=yaw) for yaw in range(61)])
    kept = kept_near(asked, own)
    turns = np.array([turn_between(one, own) for one in kept])
    assert (np.diff(turns) > 0).all()
    assert np.diff(turns, n=2).min() > -0.2  # degrees: no knee
    assert turns[-1] < np.degrees(most_turn(own)) == pytest.approx(18)


def test_the_farther_a_photograph_is_turned_away_the_less_it_turns():
    most = [np.degrees(most_turn(looking(yaw=yaw))) for yaw in (0, 20, -20, 40, 70)]
    assert most == pytest.approx([18, 9, 9, 0, 0], abs=1e-6)
    assert most_turn(looking(pitch=25)) == pytest.approx(most_turn(looking(yaw=25)))
    assert most_turn(looking(roll=25)) == pytest.approx(most_turn(looking()))  # hides nothing
    assert turn_between(kept_near(looking()[None], looking(yaw=60))[0], looking(yaw=60)) < 1e-3


def test_the_face_is_shifted_no_farther_than_its_surroundings_give_way():
    own = looking()
    far, near = (own + np.array([0, 0, 0, *shift]) for shift in ((0, 300, 0), (6, 5, 4)))
    (shift,) = middles(kept_near(far[None], own)[None, 0]) - middles(own[None])
    assert np.linalg.norm(shift) == pytest.approx(25)
    np.testing.assert_allclose(kept_near(near[None], own)[0], near, atol=1e-9)


def test_short_vectors_are_left_and_none_is_turned():
    vectors = np.random.default_rng(0).normal(0, 10, (50, 3))
    kept = damped(vectors, 6.0, 10.0)
    lengths = np.linalg.norm(vectors, axis=1)
    np.testing.assert_array_equal(kept[lengths < 6], vectors[lengths < 6])
    np.testing.assert_allclose(np.cross(kept, vectors), 0, atol=1e-9)
    assert np.linalg.norm(kept, axis=1).max() < 10
