"""THEval's score of a method is made from all clips that have both values."""

import math

import pytest

from talkingface.engine.scores import ClipScores
from talkingface.engine.theval_scores import theval_scores


def row(made, real, name="theval_lip_dynamics"):
    return ClipScores("a", scores={name: made}, facts={name: {"of_real": real}})


def test_the_final_score_is_that_of_the_means():
    rows = [row(1.0, 2.0), row(2.0, 2.0), row(9.0, math.nan), ClipScores("b", failure="bad")]
    (found,) = theval_scores(rows, ["PSNR", "theval_lip_dynamics"]).values()
    assert found["scores"] == {"lip_dynamics": pytest.approx(0.75)}  # 1.5 made, 2 real
    assert found["paired"] == {"lip_dynamics": pytest.approx(0.75)}
    assert found["final"] == pytest.approx(0.75)
    assert (found["num_measures"], found["num_measures_published"]) == (1, 8)


def test_opposite_faults_hide_in_the_means_and_show_in_pairs():
    rows = [row(0.0, 2.0), row(4.0, 2.0)]
    found = theval_scores(rows, ["theval_lip_dynamics"])["theval"]
    assert found["final"] == pytest.approx(1.0)
    assert found["paired"]["lip_dynamics"] == pytest.approx(0.0)


def test_published_measures_and_our_own_are_two_families():
    rows = [row(1.0, 1.0), row(1.0, 4.0, "lip_dynamics_68")]
    found = theval_scores(rows, ["theval_lip_dynamics", "lip_dynamics_68"])
    assert found["theval"]["final"] == 1.0
    assert found["theval_68"]["final"] == pytest.approx(0.25)
    assert theval_scores(rows, ["PSNR"]) == {}


def test_a_family_without_a_real_value_says_why():
    assert (
        "which no score can be set against"
        in (theval_scores([row(1.0, 0.0)], ["theval_lip_dynamics"])["theval"]["reason"])
    )
    assert (
        "No clip has a value"
        in (theval_scores([row(1.0, math.nan)], ["theval_lip_dynamics"])["theval"]["reason"])
    )
