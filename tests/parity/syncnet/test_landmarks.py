"""Our scores of landmarks, poses and movement against the goldens, to rounding in float64."""

import numpy as np
import pytest

from talkingface.face.points import MOUTH
from talkingface.metrics.base import Pair, View
from talkingface.metrics.eyes import blinks, eye_aspect_ratio
from talkingface.metrics.frame_difference import difference_error, flicker
from talkingface.metrics.head_pose import axis_errors, turn_between
from talkingface.metrics.landmark_distance import (
    ALL,
    aligned,
    aligned_distance,
    centred,
    centred_distance,
    landmark_distance,
    normalized_error,
)
from talkingface.metrics.landmark_motion import jitter, velocity_difference
from talkingface.metrics.mouth_opening import MouthOpeningCorrelation, mouth_aspect_ratio
from tests.parity.syncnet.inputs import (
    GOLDEN,
    HERE,
    angles,
    face_landmarks,
    generated_landmarks,
    noisy,
    picture,
)

REAL = face_landmarks()
GENERATED = generated_landmarks(REAL)
TRACKS = np.load(HERE / "landmarks.npz")
EXACT = {"rtol": 1e-11, "atol": 1e-11}  # the goldens' own tolerance is 1e-9

SCORES = {
    "F-LMD": landmark_distance(GENERATED, REAL),
    "M-LMD": landmark_distance(GENERATED, REAL, MOUTH),
    "M-LMD_centred": centred_distance(GENERATED, REAL),
    "F-LMD_centred": centred_distance(GENERATED, REAL, ALL),
    "F-NME_eye_centres": normalized_error(GENERATED, REAL),
    "F-NME_outer_corners": normalized_error(GENERATED, REAL, unit="outer_corners"),
    "M-NME_eye_centres": normalized_error(GENERATED, REAL, MOUTH),
    "M-LMD_aligned": aligned_distance(GENERATED, REAL),
    "F-LMD_aligned": aligned_distance(GENERATED, REAL, ALL),
    "LVD_face": velocity_difference(GENERATED, REAL),
    "LVD_mouth": velocity_difference(GENERATED[:, MOUTH], REAL[:, MOUTH]),
    "MLVD_centred": velocity_difference(centred(GENERATED[:, MOUTH]), centred(REAL[:, MOUTH])),
    "jitter_generated": jitter(GENERATED),
    "jitter_reference": jitter(REAL),
    "EAR_error": np.abs(eye_aspect_ratio(GENERATED) - eye_aspect_ratio(REAL)),
    "MAR_error": np.abs(mouth_aspect_ratio(GENERATED) - mouth_aspect_ratio(REAL)),
}


def test_the_landmarks_are_those_of_the_goldens():
    np.testing.assert_allclose(REAL[0], TRACKS["reference_first"], **EXACT)
    np.testing.assert_allclose(GENERATED[0], TRACKS["generated_first"], **EXACT)


@pytest.mark.parametrize("name", SCORES)
def test_the_mean_over_frames_is_that_of_the_goldens(name):
    np.testing.assert_allclose(SCORES[name].mean(), GOLDEN["landmarks"][name], **EXACT)


def test_each_frame_is_that_of_the_goldens():
    np.testing.assert_allclose(SCORES["M-LMD"], TRACKS["per_frame_mouth"], **EXACT)
    np.testing.assert_allclose(aligned(GENERATED, REAL)[0], TRACKS["aligned_first"], **EXACT)
    for name, points in (("reference", REAL), ("generated", GENERATED)):
        np.testing.assert_allclose(eye_aspect_ratio(points), TRACKS[f"ear_{name}"], **EXACT)
        np.testing.assert_allclose(mouth_aspect_ratio(points), TRACKS[f"mar_{name}"], **EXACT)


def test_the_correlation_of_mouths_is_that_of_the_goldens():
    metric = MouthOpeningCorrelation()
    frames = np.zeros((len(REAL), 8, 8, 3), np.uint8)
    views = [View(frames, {"landmarks": lambda p=p: p}) for p in (GENERATED, REAL)]
    metric.update(Pair(*views))
    assert metric.compute() == pytest.approx(GOLDEN["landmarks"]["MAR_pearson"], rel=1e-9)


def test_as_many_blinks_are_found_as_in_the_goldens():
    golden = GOLDEN["landmarks"]
    assert len(blinks(eye_aspect_ratio(REAL), 0.2)) == golden["blinks_reference_ear<0.2"]
    assert len(blinks(eye_aspect_ratio(GENERATED), 0.2)) == golden["blinks_generated_ear<0.2"]


def test_pose_errors_are_those_of_the_goldens():
    golden = GOLDEN["pose"]
    reference, generated = angles(), angles(name="pose.generated")
    generated[3, 1] += 360  # a whole turn must not count
    # yaw, pitch, roll; our pitch is positive the other way round
    ours, theirs = (np.radians(pose[:, [1, 0, 2]] * [1, -1, 1]) for pose in (generated, reference))
    yaw, pitch, roll = axis_errors(ours, theirs).mean(axis=0)
    np.testing.assert_allclose([pitch, yaw, roll], golden["mae_pitch_yaw_roll"], **EXACT)
    np.testing.assert_allclose(axis_errors(ours, theirs).mean(), golden["mae"], **EXACT)
    # theirs is an arc cosine near 1, which loses digits
    np.testing.assert_allclose(
        turn_between(ours, theirs).mean(), golden["geodesic_mean"], rtol=1e-9
    )


def test_changes_of_frames_are_those_of_the_goldens():
    golden = GOLDEN["temporal"]
    real = np.stack([np.roll(picture(), i, axis=1) for i in range(golden["frames"])])
    generated = np.stack([noisy(frame, 6.0 + i, f"image.noise{i}") for i, frame in enumerate(real)])
    assert difference_error(generated, real).mean() == pytest.approx(golden["difference_error"])
    assert flicker(real).mean() == pytest.approx(golden["self_difference_reference"])
    assert flicker(generated).mean() == pytest.approx(golden["self_difference_generated"])
