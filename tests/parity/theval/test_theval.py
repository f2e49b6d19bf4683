"""Our THEval against the published program, and blink clips against their survey's."""

import numpy as np
import pytest

from talkingface.metrics.base import ClipContext, View
from talkingface.metrics.blink_clips import blink_clips, open_rate
from talkingface.metrics.eyes import runs
from talkingface.metrics.theval.eyebrow_dynamics import EyebrowDynamics
from talkingface.metrics.theval.head_motion import HeadMotion
from talkingface.metrics.theval.lip_dynamics import SIDE_PX, LipDynamics, pair_distances
from talkingface.metrics.theval.lip_loudness import loudness, mismatch, mouth_openness
from talkingface.metrics.theval.mesh import LEFT_EYE, LIPS, MESH, RIGHT_EYE
from talkingface.metrics.theval.meshes import MESHES
from talkingface.metrics.theval.score import (
    GROUPS,
    MEASURES,
    final_score,
    group_scores,
    ranks,
    set_scores,
)
from talkingface.metrics.theval.silent_lips import lip_gaps, stability
from talkingface.metrics.theval.speaking import silent_frames, spoken_frames
from tests.parity.theval.inputs import (
    GOLDEN,
    HERE,
    MISSING,
    eyes68,
    face_mesh,
    head_pose,
    normal,
    shifted,
    waveform,
    without,
    zoomed,
)

TRACKS = np.load(HERE / "sequences.npz")
FACES = face_mesh()
STILL = np.repeat(FACES[:1], 60, axis=0)
CLOSE = {"rel": 1e-9, "abs": 1e-13}  # float64 on both sides; a still face leaves rounding
LOUDNESS = {"rel": 2e-6}  # their root mean square is float32


def same_eyes():
    points = FACES.copy()
    points[5:8, [*LEFT_EYE, *RIGHT_EYE]] = 0.5
    return points


CASES = {
    "square": FACES,
    "wide_480x270": FACES,
    "missing": without(FACES, MISSING),
    "static": STILL,
    "zoomed": zoomed(FACES),
    "shifted": shifted(FACES),
    "one_frame": FACES[:1],
    "no_face": without(FACES, range(60)),
    "eyes_coincide_5_to_7": same_eyes(),
}


def measured(measure, name):
    height, width = (270, 480) if name == "wide_480x270" else (256, 256)
    points = CASES[name]
    for start in range(0, len(points), 17):  # windows that do not divide the clip
        part = points[start : start + 17]
        frames = np.broadcast_to(np.zeros(3, np.uint8), (len(part), height, width, 3))
        measure.update(View(frames, dict.fromkeys(MESHES, lambda part=part: part)), ClipContext())
    return measure.compute()


@pytest.mark.parametrize("name", GOLDEN["eyebrow_dynamics"])
def test_eyebrow_dynamics_is_the_published_one(name):
    golden = GOLDEN["eyebrow_dynamics"][name]
    assert measured(EyebrowDynamics(), name) == pytest.approx(golden, **CLOSE)


@pytest.mark.parametrize("name", GOLDEN["lip_dynamics"])
def test_lip_dynamics_is_the_published_one(name):
    golden = GOLDEN["lip_dynamics"][name]
    assert measured(LipDynamics(), name) == pytest.approx(golden, **CLOSE)


def test_the_shape_of_the_lips_is_the_published_one():
    shape = pair_distances(FACES[:1] * SIDE_PX, LIPS)[0]
    np.testing.assert_allclose(shape, TRACKS["lip_shape_vector_0"], rtol=1e-12)


POSE = head_pose()
MOTIONS = {
    "full": POSE,
    "no_translation": POSE * [1, 1, 1, 0, 0],
    "dropped_frames": np.delete(POSE, MISSING, axis=0),
    "one_frame": POSE[:1],
    "two_frames": POSE[:2],
    "translation_doubled": POSE * [1, 1, 1, 2, 2],
    "pose_doubled": POSE * [2, 2, 2, 1, 1],
    "static": np.repeat(POSE[:1], 60, axis=0),
}


@pytest.mark.parametrize("name", MOTIONS)
def test_head_motion_is_the_published_one(name):
    motion = HeadMotion()
    for part in np.array_split(MOTIONS[name], 4):
        motion.update(part[:, :3], part[:, 3:])
    golden = GOLDEN["head_motion_dynamics"][name]
    assert motion.value() == pytest.approx(golden, rel=1e-9, abs=1e-6)  # a root of rounding


@pytest.mark.parametrize("name", GOLDEN["silence_frames"])
def test_the_frames_of_silence_are_the_published_ones(name):
    golden = GOLDEN["silence_frames"][name]
    fps = float(name.split("@")[1])
    segments = np.array(golden["speech"]).reshape(-1, 2)
    silent = runs(silent_frames(segments, fps, golden["frames"]))
    assert [list(run) for run in silent] == golden["silent"]


SILENCES = {
    "some": (FACES, [*range(3, 15), *range(30, 52)]),
    "all": (FACES, range(60)),
    "missing": (without(FACES, MISSING), range(60)),
    "two_frames": (FACES, [4, 5]),
    "one_frame": (FACES, [4]),
    "static": (STILL, range(60)),
    "zoomed": (zoomed(FACES), [*range(3, 15), *range(30, 52)]),
    "beyond_end": (FACES, range(50, 60)),
}


@pytest.mark.parametrize("name", SILENCES)
def test_silent_lip_stability_is_the_published_one(name):
    points, frames = SILENCES[name]
    ours = stability(lip_gaps(points, MESH)[list(frames)])
    golden = GOLDEN["silent_lip_stability"][name]
    assert ours == pytest.approx(np.nan if golden is None else golden, nan_ok=True, **CLOSE)


def test_the_gap_of_the_lips_is_the_published_one():
    np.testing.assert_allclose(lip_gaps(FACES, MESH), TRACKS["lip_gap"], rtol=1e-12)


SPEAKERS = {
    "missing": without(FACES, MISSING),
    "no_face_in_speech": without(FACES, range(60)),
    "static_mouth": STILL,
    "zoomed": zoomed(FACES),
}


@pytest.mark.parametrize("name", GOLDEN["lip_sync"])
def test_lip_sync_is_the_published_one(name):
    golden = GOLDEN["lip_sync"][name]
    sound = waveform(golden["samples"]) * (name != "silent_audio")
    volume = loudness(sound, golden["rate"], golden["fps"], 60)
    openness = mouth_openness(SPEAKERS.get(name, FACES), MESH)
    if f"volume_{name}" in TRACKS:
        np.testing.assert_allclose(volume, TRACKS[f"volume_{name}"], rtol=2e-6)
        np.testing.assert_allclose(openness, TRACKS[f"openness_{name}"], rtol=1e-12)
    ours = mismatch(openness, volume, spoken_frames(np.array(golden["speech"]), golden["fps"], 60))
    expected = np.nan if golden["score"] is None else golden["score"]
    assert ours == pytest.approx(expected, nan_ok=True, **LOUDNESS)


def test_the_final_scores_groups_and_ranks_are_the_published_ones():
    golden = GOLDEN["final_score"]
    truth = np.array(golden["gt"])
    factors = 1 + 0.4 * normal("theval.score", [4, 8]).astype(np.float64)
    factors[2, 3], factors[3] = 3.5, 1
    raw = {"GT": truth, **dict(zip(["a", "b", "c", "copy"], truth * factors, strict=True))}
    real = dict(zip(MEASURES, truth, strict=True))
    scores = {
        method: set_scores(dict(zip(MEASURES, values, strict=True)), real)
        for method, values in raw.items()
    }
    finals = {method: final_score(one) for method, one in scores.items()}
    for method, one in scores.items():
        groups = group_scores(one)
        row = [*one.values(), *(groups[name] for name in GROUPS), finals[method]]
        # THEval counts ranks from 1, ties best
        np.testing.assert_allclose([*row, ranks(finals)[method]], golden["rows"][method], rtol=1e-9)
        weighted = final_score(one, {"lip_sync": 3.0, "head_motion": 0.0})
        expected = golden["weighted_lip_sync_3_head_0"][method]
        assert weighted == pytest.approx(expected, rel=1e-9)


def test_blink_clips_are_those_of_the_survey():
    golden = GOLDEN["blink_windows"]
    np.testing.assert_allclose(open_rate(eyes68()), TRACKS["eye_open_rate"], rtol=1e-12)
    closed = runs(open_rate(eyes68()) <= golden["threshold"])
    assert [list(run) for run in closed] == golden["closed"]
    assert [list(clip) for clip in blink_clips(eyes68())] == golden["first_last"]
