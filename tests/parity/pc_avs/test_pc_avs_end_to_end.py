"""From portraits, speech and pose pictures to drawn pictures, against the authors' program."""

import numpy as np
import pytest

from talkingface.models.pc_avs.network import style_of
from talkingface.nn.pictures import to_pictures
from tests.parity.pc_avs.published_numbers import (
    assert_close,
    assert_pictures,
    explicit_noise,
    golden,
)


def test_one_portrait_gives_the_authors_styles_and_pictures(
    network, identity, mouth_codes, pose_codes, resting_pose
):
    goldens = golden("end_to_end_zero_noise")
    assert_close(identity.start, goldens["identity_map"])
    assert_close(style_of(identity, mouth_codes, pose_codes), goldens["style_driven_pose"])
    resting = style_of(identity, mouth_codes, resting_pose.expand(2, -1))
    assert_close(resting, goldens["style_reference_pose"])

    drawn = network.draw(identity, mouth_codes, pose_codes)
    assert_pictures(drawn, goldens, "driven_pose")
    levels = to_pictures(drawn)[:, ::4, ::4].astype(int)
    # Levels are cut off, so a difference of 1e-5 can move one by 1.
    assert np.abs(levels - goldens["driven_pose_uint8_stride4"]).max() <= 1


def test_a_resting_head_is_drawn_as_the_authors_draw_it(
    network, identity, mouth_codes, resting_pose
):
    drawn = network.draw(identity, mouth_codes[:1], resting_pose)
    assert_pictures(drawn, golden("end_to_end_zero_noise"), "reference_pose")


@pytest.mark.parametrize("pose", ["driven", "reference"])
def test_noise_changes_the_picture_as_the_authors_does(
    network, identity, mouth_codes, pose_codes, resting_pose, pose
):
    code = pose_codes[:1] if pose == "driven" else resting_pose
    noise = explicit_noise(network.generator, batch=1)
    drawn = network.draw(identity, mouth_codes[:1], code, noise)
    assert_pictures(drawn, golden("end_to_end_explicit_noise"), f"{pose}_pose")


def test_two_portraits_give_the_authors_styles_and_pictures(
    network, portraits, identity_of_two, mouth_codes, pose_codes
):
    goldens = golden("end_to_end_two_inputs")
    driven = style_of(identity_of_two, mouth_codes, pose_codes)
    assert_close(driven, goldens["style_driven_pose"])
    pose = network.resting_pose_code(portraits[None])
    resting = style_of(identity_of_two, mouth_codes, pose.expand(2, -1))
    assert_close(resting, goldens["style_reference_pose"])

    drawn = network.draw(identity_of_two, mouth_codes[:1], pose_codes[:1])
    assert_pictures(drawn, goldens, "driven_pose")
    drawn = network.draw(identity_of_two, mouth_codes[:1], pose)
    assert_pictures(drawn, goldens, "reference_pose")


def test_another_pose_is_seen_at_these_tolerances(network, identity, mouth_codes, pose_codes):
    swapped = network.draw(identity, mouth_codes[:1], pose_codes[1:])
    with pytest.raises(AssertionError):
        assert_pictures(swapped, golden("end_to_end_zero_noise"), "driven_pose")
