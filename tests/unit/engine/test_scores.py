"""A split's score is the plain mean over clips; failures are rows, and nan is no number."""

import json
import math

import numpy as np
import pytest

from talkingface.engine.scores import ClipScores, Footage, summarize, summed_facts

ROWS = [
    ClipScores("long", scores={"Sharp": 1.0}, facts={"Sharp": {"num_frames": 7, "of_real": 2.0}}),
    ClipScores("short", scores={"Sharp": 4.0}, facts={"Sharp": {"num_frames": 1, "of_real": 4.0}}),
    ClipScores("blank", scores={"Sharp": math.nan}, facts={"Sharp": {"of_real": math.nan}}),
    ClipScores("bad", failure="it broke"),
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


def test_counts_are_added_up_and_other_facts_averaged() -> None:
    assert summed_facts(ROWS, "Sharp") == {"num_frames": 8, "of_real": 3.0}
    assert summed_facts(ROWS, "Other") == {}


def test_a_row_is_written_as_json_and_read_back() -> None:
    row = ClipScores(
        "a",
        "truth",
        Footage(num_frames=3, codec="h264", fps=25.0),
        {"Sharp": math.nan, "Blur": 0.1},
        {"Blur": {"num_missing": 2}},
        {"Blur": {"level": [0.5, math.nan]}},
        {"Sync": "There is no sound."},
        ("no sound",),
        "a.mp4",
    )
    again = ClipScores.of_plain(json.loads(json.dumps(row.as_plain(), allow_nan=False)))
    assert math.isnan(again.scores["Sharp"])
    assert math.isnan(again.curves["Blur"]["level"][1])
    assert again.as_plain() == row.as_plain()
    assert (again.footage, again.facts, again.missing) == (row.footage, row.facts, row.missing)
