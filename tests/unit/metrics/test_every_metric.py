"""What every registered metric promises. A new one is tested by being declared."""

import json
import pickle
from fractions import Fraction
from typing import get_args

import cv2
import numpy as np
import pytest

from talkingface.media.sound import SpeechArray
from talkingface.metrics import METRICS, PRESETS
from talkingface.metrics.base import (
    FACE_READINGS,
    ClipContext,
    Compared,
    Metric,
    MetricUnavailableError,
    Networks,
    Pair,
    SetMetric,
    View,
)
from talkingface.metrics.theval.meshes import MESHES
from talkingface.metrics.theval.not_here import NotHere
from talkingface.registry import imported_class

NUM_FRAMES = 30
SIZE = 168  # px; MS-SSIM needs more than 160
CLASSES = {spec.name: imported_class(spec.metric, spec.name) for spec in METRICS}
NEEDS_WEIGHTS = {spec.name for spec in METRICS if "weights" in spec.needs}
OWN_WEIGHTS = {name for name in NEEDS_WEIGHTS if name.startswith("sync_demo")}  # they are here
FREE = [spec for spec in METRICS if spec.name not in NEEDS_WEIGHTS]
ALONE = {name for name, kind in CLASSES.items() if kind.compares == "nothing"}
SOFT = {"LMD_SDTW"}  # a soft path sees neighbours too
KEEPS_EVERY_FRAME = {"blink_F1", "LMD_SDTW", "MAR_correlation"} | {
    name for name in CLASSES if "silent_lips" in name or name.endswith(("lip_sync", "loudness_68"))
}


def track(seed, blink):
    """Return readings of a face that moves, talks and blinks at frame `blink`."""
    rng = np.random.default_rng(seed)
    landmarks = rng.uniform(0.2, 0.8, (1, 68, 2)) * SIZE + rng.normal(0, 1, (NUM_FRAMES, 68, 2))
    upper_lids, lower_lids = [37, 38, 43, 44], [41, 40, 47, 46]
    landmarks[:, upper_lids] = landmarks[:, lower_lids] - np.array([0, 12])
    landmarks[blink : blink + 3, upper_lids, 1] += 11
    mesh = rng.uniform(0.3, 0.7, (1, 478, 2)) + rng.normal(0, 0.01, (NUM_FRAMES, 478, 2))
    return {
        "landmarks": landmarks,
        **dict.fromkeys(MESHES, mesh),
        "pose": rng.normal(0, 0.2, (NUM_FRAMES, 3)),
        "gaze": rng.normal(0, 1, (NUM_FRAMES, 3)),
        "emotion": rng.uniform(0, 1, (NUM_FRAMES, 5)),
        "expression": rng.normal(0, 1, (NUM_FRAMES, 64)),
    }


def pictures(noise):
    rng = np.random.default_rng(0)
    base = cv2.GaussianBlur(rng.integers(0, 256, (SIZE, SIZE, 3)).astype(np.float64), (0, 0), 2)
    moving = np.stack([np.roll(base, t % 5, axis=1) for t in range(NUM_FRAMES)])
    noisy = moving + noise * rng.normal(0, 1, moving.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


REAL = pictures(0), track(0, blink=10)
WORSE = pictures(12), track(1, blink=20)


def view(video, part, missing=()):
    frames, readings = video
    cut = {name: rows.copy() for name, rows in readings.items()}
    for rows in cut.values():
        rows[list(missing)] = np.nan
    return View(frames[part], {name: (lambda r=rows[part]: r) for name, rows in cut.items()})


def context():
    speech = SpeechArray(np.random.default_rng(2).normal(0, 0.1, 19200).astype(np.float32))
    segments = np.array([[0.0, 0.2], [0.8, 1.2]])
    return ClipContext(fps=Fraction(25), speech=speech, known={"speech_segments": lambda: segments})


def fed(metric, generated=WORSE, window=NUM_FRAMES, missing=(), num_frames=NUM_FRAMES):
    clip = context()
    for start in range(0, num_frames, window):
        part = slice(start, start + window)
        metric.update(Pair(view(generated, part, missing), view(REAL, part), clip))
    return metric


every = pytest.mark.parametrize("spec", METRICS, ids=lambda spec: spec.name)
every_free = pytest.mark.parametrize("spec", FREE, ids=lambda spec: spec.name)


@every
def test_it_is_declared_whole(spec):
    kind = CLASSES[spec.name]
    assert issubclass(kind, Metric)
    assert kind.version
    assert kind.bounds[0] < kind.bounds[1]
    assert (kind.scope == "set") == issubclass(kind, SetMetric)
    assert kind.compares in get_args(Compared)
    assert kind.settings or issubclass(kind, NotHere)
    assert json.loads(json.dumps(dict(kind.settings))) == dict(kind.settings)
    assert spec.sentence.endswith(".")
    assert spec.weights == kind.weights
    assert spec.needs <= {
        *("frames", "sound", "weights", "speech_segments", "elsewhere"),
        *(*FACE_READINGS, *MESHES, "expression"),
    }


@pytest.mark.parametrize("name", sorted(NEEDS_WEIGHTS - OWN_WEIGHTS))
def test_without_its_weights_it_is_unavailable(name):
    with pytest.raises(MetricUnavailableError, match="needs"):
        CLASSES[name].maker(Networks())


@every_free
def test_it_needs_no_weights_and_what_it_declares_is_enough(spec):
    maker = CLASSES[spec.name].maker(Networks())
    assert not maker().weights
    known = {name: rows for name, rows in WORSE[1].items() if name in spec.needs}
    fed(maker(), generated=(WORSE[0], known))


@every_free
def test_windows_make_no_difference(spec):
    whole = fed(CLASSES[spec.name]())
    expected = pytest.approx(whole.compute(), rel=1e-9, abs=1e-12)
    for window in (1, 7):
        parts = fed(CLASSES[spec.name](), window=window)
        assert parts.compute() == expected
        for name, fact in whole.facts().items():
            assert parts.facts()[name] == pytest.approx(fact, rel=1e-9, abs=1e-12, nan_ok=True)


@every_free
def test_curves_are_those_of_the_whole_clip(spec):
    whole = fed(CLASSES[spec.name]()).curves()
    parts = fed(CLASSES[spec.name](), window=7).curves()
    assert parts.keys() == whole.keys()
    for name, curve in whole.items():
        assert curve.ndim == 1
        np.testing.assert_allclose(parts[name], curve, rtol=1e-12)


@every_free
def test_what_compares_with_nothing_has_a_score_without_a_like_clip(spec):
    if spec.name not in ALONE:
        return
    kind = CLASSES[spec.name]
    another = REAL[0][::-1].copy(), track(7, blink=3)
    context_free = fed(kind())
    with_another = kind()
    with_another.update(Pair(view(WORSE, slice(None)), view(another, slice(None)), context()))
    assert with_another.compute() == pytest.approx(context_free.compute(), rel=1e-9)


@every_free
def test_it_is_within_its_bounds_and_best_for_the_real_clip(spec):
    kind = CLASSES[spec.name]
    real, worse = fed(kind(), generated=REAL).compute(), fed(kind()).compute()
    assert kind.bounds[0] <= worse <= kind.bounds[1]
    if spec.name in ALONE:
        return
    if spec.name == "PSNR":
        assert np.isnan(real)  # every frame is infinitely good, and none counts
        return
    best = kind.bounds[1] if spec.higher_is_better else 0
    assert real == pytest.approx(best, abs=0.1 if spec.name in SOFT else 1e-9)
    assert (worse < real - 1e-3) if spec.higher_is_better else (worse > real + 1e-3)


@every_free
def test_frames_without_a_face_are_missing_and_a_clip_of_them_has_no_score(spec):
    if spec.needs <= {"frames"}:
        return
    kind = CLASSES[spec.name]
    some = fed(kind(), missing=(3, 4)).compute()
    assert np.isfinite(some)
    nobody = fed(kind(), missing=range(NUM_FRAMES)).compute()
    published_as_zero = spec.name in ("theval_lip_dynamics", "theval_eyebrow_dynamics")
    assert nobody == 0 if published_as_zero else np.isnan(nobody)


@every_free
def test_what_it_keeps_does_not_grow_with_the_clip(spec):
    if spec.name in KEEPS_EVERY_FRAME:
        return
    short, long = (
        len(pickle.dumps(without_clip(fed(CLASSES[spec.name](), window=5, num_frames=count))))
        for count in (10, 30)
    )
    assert long == pytest.approx(short, abs=64)  # counts grow by a digit


def without_clip(metric):
    return {name: value for name, value in vars(metric).items() if name not in ("_clip", "_pair")}


def test_before_the_first_window_there_is_no_score():
    for spec in FREE:
        assert not CLASSES[spec.name]().compute() > 0


def test_presets_name_metrics_that_exist():
    for names in PRESETS.values():
        assert set(names) <= set(CLASSES)
    assert len(PRESETS["theval"]) == 8
