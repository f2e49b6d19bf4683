"""What a run folder holds of scores, for whoever reads it: JSON, csv and one table."""

import csv
import io
import json
import math

import pytest

from talkingface.engine.result_table import (
    as_table,
    failure_lines,
    left_out_lines,
    unavailable_lines,
)
from talkingface.engine.results import FORMAT, SetScore, as_csv, as_curves, as_json
from talkingface.engine.scorers import Scorer, Unavailable
from talkingface.engine.scores import ClipScores, Footage
from talkingface.metrics.base import Metric, SetMetric
from talkingface.registry import MetricSpec


class Sharpness(Metric):
    version = "3"
    compares = "nothing"
    settings = {"colour": "grey"}  # noqa: RUF012
    update = compute = None


class Pooled(SetMetric):
    compares = "nothing"
    part = take = compute = None


class Blind(Metric):
    update = compute = None


def scorer(kind, name, **declared):
    spec = MetricSpec(name, "A sentence.", metric=kind, **declared)
    return Scorer(spec, kind, kind, {"net": "abc"})


SHARP = scorer(Sharpness, "Sharp", higher_is_better=True, unit="dB")
POOLED = scorer(Pooled, "Pooled", higher_is_better=False)
BLIND = scorer(Blind, "Blind", higher_is_better=False)
NO_EYES = {"Blind": "Install dlib."}
ROWS = [
    ClipScores(
        "a",
        footage=Footage(num_frames=10, fps=25.0, codec="none"),
        scores={"Sharp": 1.0},
        facts={"Sharp": {"num_frames": 10.0, "of_real": math.nan}},
        curves={"Sharp": {"level": [0.1234567, math.nan]}},
        missing=NO_EYES,
        video="a.mp4",
        remarks=("one", "two"),
    ),
    ClipScores("a", "truth", scores={"Sharp": 2.0}),
    ClipScores("b, <script>", scores={"Sharp": 4.0}, missing=NO_EYES),
    ClipScores("b, <script>", "truth", scores={"Sharp": math.nan}),
    ClipScores("c", failure='it "broke"\nin two'),
]
ABOUT = {"method": "M", "paper": {"Sharp": {"value": 9.5, "source": "S"}}}
SET = {("method", "Pooled"): SetScore(7.0, 2, {"num_frames": 20})}


@pytest.fixture
def results():
    lacking = {"Heavy": Unavailable("It needs weights.", "download heavy")}
    content = as_json(ROWS, [SHARP, POOLED, BLIND], lacking, SET, ABOUT)
    return json.loads(json.dumps(content, allow_nan=False))


def test_means_stand_with_version_settings_and_weights(results):
    assert results["format"] == FORMAT
    assert results["num_clips"] == 3
    assert results["failures"] == {"c": 'it "broke"\nin two'}
    sharp = results["scores"]["Sharp"]
    assert (sharp["mean"], sharp["num_clips"]) == (2.5, 2)
    assert sharp["standard_error"] == pytest.approx(1.5)
    assert sharp["facts"] == {"num_frames": 10.0}
    metric = results["metrics"]["Sharp"]
    assert (metric["version"], metric["settings"]) == ("3", {"colour": "grey"})
    assert metric["weights"] == {"net": "abc"}
    assert metric["bounds"] == [None, None]


def test_what_stands_beside_has_what_it_was_scored_by(results):
    assert results["beside"]["truth"]["Sharp"]["mean"] == 2.0
    assert results["beside"]["truth"]["Sharp"]["num_clips"] == 1
    assert set(results["beside"]["truth"]) == {"Sharp"}
    assert results["beside"]["shuffled_speech"] == {}


def test_a_metric_of_the_set_is_one_number(results):
    assert results["scores"]["Pooled"] == {
        "mean": 7.0,
        "standard_error": None,
        "num_clips": 2,
        "facts": {"num_frames": 20},
    }


def test_what_no_clip_could_be_scored_by_is_unavailable_with_its_reason(results):
    assert results["unavailable"] == {
        "Heavy": {"reason": "It needs weights.", "download": "download heavy"},
        "Blind": {"reason": "Install dlib.", "download": None},
    }
    assert "Blind" not in results["metrics"]
    assert unavailable_lines([results])[0] == "  Heavy  unavailable: It needs weights."


def test_metrics_that_lack_the_same_share_a_line(results):
    lacking = {name: {"reason": "It needs weights.", "download": None} for name in ("A", "B")}
    lines = unavailable_lines([{**results, "unavailable": lacking}, results])
    assert lines == [
        "  A, B, Heavy  unavailable: It needs weights.",
        "  Blind  unavailable: Install dlib.",
    ]


def test_the_table_of_clips_can_be_read_back():
    rows = list(csv.DictReader(io.StringIO(as_csv(ROWS, ["Sharp"]))))
    assert [row["Sharp"] for row in rows] == ["1", "2", "4", "", ""]
    assert [row["subject"] for row in rows[:2]] == ["method", "truth"]
    assert (rows[0]["num_frames"], rows[0]["codec"], rows[0]["width"]) == ("10", "none", "")
    assert rows[0]["remarks"] == "one; two"
    assert rows[2]["clip"] == "b, <script>"
    assert rows[4]["failure"] == 'it "broke"\nin two'


def test_curves_are_rounded_and_have_no_nan():
    assert as_curves(ROWS) == {"a": {"method": {"Sharp": {"level": [0.12346, None]}}}}


def test_one_table_shows_methods_what_stands_beside_and_the_paper(results):
    other = {**results, "method": "Other", "scores": {"Sharp": results["scores"]["Sharp"]}}
    lines = as_table([results, other]).splitlines()
    assert lines[0].split() == ["M", "Other", "truth", "paper", "n"]
    assert lines[1].split() == (
        [
            "Sharp,",
            "dB",
            "↑",
            "2.5000",
            "±",
            "1.5000",
            "2.5000",
            "±",
            "1.5000",
            "2.0000",
            "(n",
            "1)",
            "9.5",
            "2",
        ]
    )
    assert lines[2].split() == ["Pooled", "↓", "7.0000", "-", "-", "-", "2"]


def test_a_score_that_is_best_at_0_points_there(results):
    metrics = {**results["metrics"], "Sharp": {**results["metrics"]["Sharp"], "unit": "frames"}}
    metrics["Sharp"]["higher_is_better"] = None
    assert "Sharp, frames →0 " in as_table([{**results, "metrics": metrics}])


def test_a_baseline_on_fewer_clips_than_the_method_says_on_how_many(results):
    shuffled = {"Sharp": {**results["scores"]["Sharp"], "mean": 1.0, "num_clips": 1}}
    beside = {**results["beside"], "shuffled_speech": shuffled}
    lines = as_table([{**results, "beside": beside}]).splitlines()
    assert "shuffled speech" in lines[0]
    assert "1.0000 ± 1.5000 (n 1)" in lines[1]
    assert "(n" not in lines[2]


def test_each_method_has_its_own_shuffled_speech_and_all_share_the_truth(results):
    one = {**results["beside"], "shuffled_speech": results["scores"]}
    both = [{**results, "beside": one}, {**results, "method": "Other", "beside": one}]
    title = as_table(both).splitlines()[0]
    assert [title.count(name) for name in ("truth", "M, shuffled", "Other, shuffled")] == [1, 1, 1]


def test_what_could_not_stand_beside_is_said_once_with_its_reason(results):
    silent = {**results, "not_beside": {"shuffled_speech": "M takes no speech."}}
    assert left_out_lines([silent, silent, results]) == [
        "  shuffled speech  left out: M takes no speech."
    ]


def test_failed_clips_of_one_reason_share_a_line_and_the_rest_is_counted():
    short = {f"short-{number}": "It is too short." for number in range(6)}
    odd = {f"odd-{number}": f"It is odd in way {number}." for number in range(6)}
    assert failure_lines({"failures": {"odd": "It is odd.", **short, **odd}}) == [
        "  odd  failed: It is odd.",
        "  short-0, short-1, short-2, short-3 and 2 more  failed: It is too short.",
        *(f"  odd-{number}  failed: It is odd in way {number}." for number in range(3)),
        "  and 3 more clips",
    ]
    assert failure_lines({"failures": {}}) == []


def test_a_score_that_no_clip_has_is_said():
    rows = [ClipScores("a", scores={"Sharp": math.nan})]
    results = as_json(rows, [SHARP], {}, {}, {"method": "M", "paper": {}})
    assert results["scores"]["Sharp"]["mean"] is None
    assert "no clip has it" in as_table([results])
