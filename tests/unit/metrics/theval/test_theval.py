"""Laws of THEval's measures and score. Their values are held against goldens in tests/parity."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from talkingface.errors import DataError
from talkingface.media.sound import SpeechArray
from talkingface.metrics.base import ClipContext, MetricUnavailableError, Networks, Pair, View
from talkingface.metrics.theval.eyebrow_dynamics import (
    LEAST_EYE_DISTANCE_PX,
    OwnEyebrowDynamics,
    THEvalEyebrowDynamics,
    brow_heights,
)
from talkingface.metrics.theval.head_motion import OwnHeadMotion
from talkingface.metrics.theval.lip_dynamics import OwnLipDynamics, THEvalLipDynamics
from talkingface.metrics.theval.lip_loudness import (
    OwnLipLoudness,
    THEvalLipSync,
    loudness,
    mismatch,
)
from talkingface.metrics.theval.mesh import MESH
from talkingface.metrics.theval.meshes import MESHES
from talkingface.metrics.theval.not_here import Aesthetics, HeadMotion
from talkingface.metrics.theval.score import final_score, paired_score, set_scores
from talkingface.metrics.theval.silent_lips import OwnSilentLips, THEvalSilentLips

rng = np.random.default_rng(8)
SIZE = 100  # px, so that shares and pixels are easy to tell apart
POINTS = np.clip(rng.uniform(0.3, 0.7, (1, 478, 2)) + rng.normal(0, 0.01, (50, 478, 2)), 0, 1)
STILL = np.repeat(POINTS[:1], 50, axis=0)
SPEECH = SpeechArray(rng.normal(0, 0.1, 32000).astype(np.float32))
SEGMENTS = np.array([[0.4, 1.2]])

PUBLISHED = [THEvalLipDynamics, THEvalEyebrowDynamics, THEvalSilentLips, THEvalLipSync]
OWN = [OwnLipDynamics, OwnEyebrowDynamics, OwnSilentLips, OwnLipLoudness, OwnHeadMotion]


def view(points, pose):
    frames = np.broadcast_to(np.zeros(3, np.uint8), (len(points), SIZE, SIZE, 3))
    meshes = dict.fromkeys(MESHES, points)
    known = {**meshes, "landmarks": points[:, :68] * SIZE, "pose": pose}
    return View(frames, {name: (lambda value=value: value) for name, value in known.items()})


def measured(metric, generated=POINTS, real=POINTS, window=50):
    clip = ClipContext(fps=Fraction(25), speech=SPEECH, known={"speech_segments": lambda: SEGMENTS})
    pose = np.cumsum(np.random.default_rng(1).normal(0, 0.02, (len(POINTS), 3)), axis=0)
    for start in range(0, len(POINTS), window):
        part = slice(start, start + window)
        metric.update(Pair(view(generated[part], pose[part]), view(real[part], pose[part]), clip))
    return metric


@pytest.mark.parametrize("kind", [*PUBLISHED, *OWN])
def test_windows_change_nothing_and_the_real_value_stands_beside(kind):
    whole, parts = measured(kind()), measured(kind(), window=7)
    assert whole.compute() > 0
    assert parts.compute() == pytest.approx(whole.compute(), rel=1e-12)
    other = measured(kind(), generated=STILL)
    assert other.facts() == {"of_real": pytest.approx(whole.compute(), rel=1e-12)}


@pytest.mark.parametrize("kind", [*PUBLISHED, *OWN])
def test_a_shift_changes_nothing(kind):
    moved = measured(kind(), generated=POINTS + np.array([0.1, -0.2]))
    assert moved.compute() == pytest.approx(measured(kind()).compute(), rel=1e-9)


@pytest.mark.parametrize("kind", [k for k in (*PUBLISHED, *OWN) if k is not OwnHeadMotion])
def test_only_the_published_lip_dynamics_depends_on_the_size_of_the_face(kind):
    factor = 0.5 if kind is THEvalLipDynamics else 1
    zoomed = measured(kind(), generated=POINTS * 0.5)
    assert zoomed.compute() == pytest.approx(factor * measured(kind()).compute(), rel=1e-9)


@pytest.mark.parametrize("kind", [*PUBLISHED[:3], *OWN[:3]])
def test_a_face_that_stands_still_has_no_dynamics(kind):
    assert measured(kind(), generated=STILL).compute() == pytest.approx(0, abs=1e-12)


def test_the_place_of_a_head_is_the_middle_of_its_box():
    (box,) = STILL[:1, :68]
    middle = (box.min(axis=0) + box.max(axis=0)) / 2
    breath = 1 + 0.3 * np.sin(np.arange(len(STILL)))[:, None, None]
    rests = measured(OwnHeadMotion(), generated=STILL).compute()
    grows = measured(OwnHeadMotion(), generated=middle + breath * (STILL - middle)).compute()
    assert grows == pytest.approx(rests, rel=1e-9)


@pytest.mark.parametrize("kind", OWN)
def test_without_a_face_our_own_measures_have_no_value(kind):
    nobody = np.full_like(POINTS, np.nan)
    assert np.isnan(measured(kind(), generated=nobody).compute())


@pytest.mark.parametrize("kind", [THEvalLipDynamics, THEvalEyebrowDynamics])
def test_without_a_face_the_published_measures_are_zero(kind):
    assert measured(kind(), generated=np.full_like(POINTS, np.nan)).compute() == 0


def test_a_change_of_the_brows_spans_frames_without_a_face():
    holes = POINTS.copy()
    holes[20:22] = np.nan
    cut = np.delete(POINTS, [20, 21], axis=0)
    clip = ClipContext()
    without = THEvalEyebrowDynamics()
    without.update(Pair(view(cut, cut[:, :3, 0]), view(cut, cut[:, :3, 0]), clip))
    gap = measured(THEvalEyebrowDynamics(), generated=holes)
    assert gap.compute() == pytest.approx(without.compute(), rel=1e-12)


def test_frames_with_both_eyes_in_one_place_have_no_height_of_brows():
    names = replace(MESH, left_eye=(0,), right_eye=(1,), left_brow=(2,), right_brow=(3,))
    least = LEAST_EYE_DISTANCE_PX
    points = np.array([[[0, 0], [d, 0], [0, 1], [d, 2]] for d in (0.5, least, least / 2, 0)])
    ours = brow_heights(points, names)
    np.testing.assert_allclose(ours, [[2, 4], [1 / least, 2 / least]], rtol=1e-12)


def test_a_mouth_that_follows_loudness_has_no_mismatch_and_a_frozen_one_has():
    volume = np.abs(rng.normal(0, 1, 200))
    spoken = np.ones(200, np.bool_)
    assert mismatch(3 * volume + 1, volume, spoken) == pytest.approx(0, abs=1e-7)
    late = mismatch(np.roll(volume, 3), volume, spoken)
    frozen = mismatch(np.ones(200), volume, spoken)
    assert late > 0.05
    assert frozen == pytest.approx((volume - volume.min()).mean() / np.ptp(volume), rel=1e-6)


def test_loudness_is_that_of_a_plain_loop():
    wave, rate, fps = rng.normal(0, 1, 8000), 8000, 20.0  # a video frame for each window
    padded = np.pad(wave, 200)
    plain = [np.sqrt(np.mean(padded[400 * i : 400 * i + 400] ** 2)) for i in range(20)]
    np.testing.assert_allclose(loudness(wave, rate, fps, 20), plain, rtol=1e-12)


def test_sound_and_a_network_that_are_not_here_make_a_measure_unavailable():
    silent = Pair(view(POINTS, POINTS[:, :3, 0]), view(POINTS, POINTS[:, :3, 0]))
    with pytest.raises(MetricUnavailableError, match="no sound"):
        THEvalLipSync().update(silent)
    with pytest.raises(MetricUnavailableError, match=r"topiq_iaa.*cfanet_iaa_ava_swin"):
        Aesthetics.maker(Networks())
    with pytest.raises(MetricUnavailableError, match=r"retinaface.*The stand-in.*head_motion_68"):
        HeadMotion.maker(Networks())


REAL = {"lip_sync": 0.25, "head_motion": 18.0}


def test_real_videos_score_one_and_excess_costs_as_much_as_lack():
    assert set_scores(REAL, REAL) == dict.fromkeys(REAL, 1.0)
    much = set_scores({name: 1.3 * value for name, value in REAL.items()}, REAL)
    little = set_scores({name: 0.7 * value for name, value in REAL.items()}, REAL)
    assert much == pytest.approx(little)
    assert set_scores({**REAL, "lip_sync": 1.0}, REAL)["lip_sync"] == -2


def test_a_common_unit_changes_no_score_and_weights_weigh():
    raw = {"lip_sync": 0.3, "head_motion": 9.0}
    scaled = set_scores(
        {name: 7 * value for name, value in raw.items()},
        {name: 7 * value for name, value in REAL.items()},
    )
    assert scaled == pytest.approx(set_scores(raw, REAL))
    assert final_score(scaled) == pytest.approx((0.8 + 0.5) / 2)
    assert final_score(scaled, {"head_motion": 0.0}) == pytest.approx(0.8)


@pytest.mark.parametrize("value", [np.nan, None])
def test_a_missing_value_and_a_truth_of_zero_are_refused(value):
    raw = {"lip_sync": 0.3} if value is None else {"lip_sync": 0.3, "head_motion": value}
    with pytest.raises(DataError, match="no value of head_motion"):
        set_scores(raw, REAL)
    with pytest.raises(DataError, match="lip_sync of 0"):
        set_scores(raw, {"lip_sync": 0.0})


def test_the_paired_score_is_never_above_that_of_the_set():
    real, generated = rng.uniform(1, 2, 40), rng.uniform(0, 3, 40)
    whole = set_scores({"lip_sync": generated.mean()}, {"lip_sync": real.mean()})["lip_sync"]
    assert paired_score(generated, real) < whole
    assert paired_score(real, real) == 1
    half = np.where(np.arange(40) % 2, 2 * real, 0)  # half frozen, half overacted
    assert paired_score(half, real) == pytest.approx(0)
    generated[3], real[5] = np.nan, np.nan
    assert np.isfinite(paired_score(generated, real))
    assert np.isnan(paired_score(np.full(4, np.nan), np.ones(4)))
