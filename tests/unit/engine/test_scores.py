"""A split's score is the plain mean over clips; failures are rows, and nan is no number."""

import csv
import io
import json
import math

import numpy as np
import pytest

from talkingface.engine.scores import ClipScores, as_csv, as_json, as_table, summarize
from talkingface.registry import MetricSpec

SHARP = MetricSpec("Sharp", "Sharpness.", higher_is_better=True, unit="dB")
ROWS = [
    ClipScores("long", 100, {"Sharp": 1.0}, "long.mp4"),
    ClipScores("short", 10, {"Sharp": 4.0}, "short.mp4"),
    ClipScores("blank", 10, {"Sharp": math.nan}, "blank.mp4"),
    ClipScores("bad, very", failure='it "broke"\nin two'),
]


def test_each_clip_counts_once_however_long_it_is() -> None:
    summary = summarize(ROWS, "Sharp")
    scores = np.array([1.0, 4.0])
    assert summary.mean == scores.mean()
    assert summary.standard_error == pytest.approx(scores.std(ddof=1) / math.sqrt(2))
    assert summary.num_clips == 2


def test_a_score_that_no_clip_has_is_not_zero() -> None:
    summary = summarize(ROWS, "Other")
    assert math.isnan(summary.mean)
    assert summary.num_clips == 0
    assert "no clip has it" in as_table(ROWS, [MetricSpec("Other", "O.", higher_is_better=True)])


def test_results_are_json_that_every_reader_accepts() -> None:
    content = as_json(ROWS, {SHARP: "1"}, {"model": "M"})
    again = json.loads(json.dumps(content, allow_nan=False))
    assert again["scores"]["Sharp"]["mean"] == 2.5
    assert again["scores"]["Sharp"]["version"] == "1"
    assert again["num_clips"] == 4
    assert list(again["failures"]) == ["bad, very"]
    assert as_json([ROWS[2]], {SHARP: "1"}, {})["scores"]["Sharp"]["mean"] is None


def test_the_table_of_clips_can_be_read_back() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(ROWS, ["Sharp"]))))
    assert [row["Sharp"] for row in rows] == ["1", "4", "", ""]
    assert rows[3]["failure"] == 'it "broke"\nin two'
    assert rows[0]["video"] == "long.mp4"
