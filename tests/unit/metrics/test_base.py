import numpy as np
import pytest

from talkingface.metrics.base import (
    FrameMean,
    Metric,
    MetricUnavailableError,
    Networks,
    Pair,
    Tail,
    View,
)

FRAMES = np.zeros((4, 2, 2, 3), np.uint8)


class Reader(FrameMean):
    def of_frames(self, pair):
        return pair.generated.read("landmarks")[:, 0]


class NeedsWeights(Metric):
    weights = ("network_a",)

    def update(self, pair):
        pass

    def compute(self):
        return 0.0


def test_a_reading_is_made_once_however_many_metrics_ask():
    calls = []

    def find():
        calls.append(1)
        return np.zeros((4, 1), np.float32)

    view = View(FRAMES, {"landmarks": find})
    assert view.read("landmarks").dtype == np.float64
    assert view.read("landmarks") is view.read("landmarks")
    assert len(calls) == 1


def test_a_reading_that_nobody_can_make_makes_the_metric_unavailable():
    with pytest.raises(MetricUnavailableError, match="gaze cannot be read here"):
        View(FRAMES).read("gaze")


def test_a_metric_without_its_weights_is_unavailable_and_says_how_to_get_them():
    with pytest.raises(
        MetricUnavailableError, match=r"needs the weights network_a.*download network_a"
    ):
        NeedsWeights.maker(Networks())
    assert isinstance(NeedsWeights.maker(Networks({"network_a": {}}))(), NeedsWeights)


def test_frames_without_a_score_are_missing_and_never_zero():
    scores = np.array([[1.0], [np.nan], [3.0], [np.inf]])
    metric = Reader()
    metric.update(Pair(View(FRAMES, {"landmarks": lambda: scores}), View(FRAMES)))
    assert metric.compute() == 2.0
    assert metric.facts() == {"num_frames": 2, "num_missing": 2}


def test_a_clip_whose_frames_are_all_missing_has_no_score():
    metric = Reader()
    scores = np.full((4, 1), np.nan)
    metric.update(Pair(View(FRAMES, {"landmarks": lambda: scores}), View(FRAMES)))
    assert np.isnan(metric.compute())


@pytest.mark.parametrize("size", [1, 2, 3, 10])
def test_a_tail_makes_differences_know_no_borders_between_windows(size):
    rows = np.arange(10.0) ** 2
    tail = Tail(1)
    differences = [np.diff(tail.joined(rows[i : i + size])) for i in range(0, 10, size)]
    np.testing.assert_array_equal(np.concatenate(differences), np.diff(rows))


def test_a_picture_shown_repeatedly_is_read_once():
    read = []
    points = np.arange(136.0).reshape(1, 68, 2)
    once = View(FRAMES[:1], {"landmarks": lambda: read.append(1) or points})
    shown = once.repeated(5)
    assert len(shown.frames) == 5
    assert (shown.frames == FRAMES[0]).all()
    assert (shown.read("landmarks") == points).all()
    assert once.repeated(2).read("landmarks").shape == (2, 68, 2)
    assert len(read) == 1
