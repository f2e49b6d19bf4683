"""What an evaluation shows first of all that it has made."""

from math import nan
from pathlib import Path

import pytest

from talkingface.engine.evaluation import Evaluation
from talkingface.engine.run_folder import RunFolder
from talkingface.engine.scores import ClipScores

ROWS = [
    ClipScores("a", scores={"Sharp": 0.2, "Error": 1.0, "Offset": 3.0}, video="a.mp4"),
    ClipScores("a", "truth", scores={"Sharp": 0.9, "Error": 0.0}),
    ClipScores("b", scores={"Sharp": 0.6, "Error": 3.0}, video="b.mp4"),
    ClipScores("c", scores={"Sharp": nan, "Error": 0.5}, video="c.mp4"),
    ClipScores("d", failure="It is empty."),
]
IS_HIGHER_BETTER = {"Sharp": True, "Error": False, "Unseen": True, "Offset": None}


@pytest.mark.parametrize(
    ("metrics", "video", "words"),
    [
        (["Sharp", "Error"], "b.mp4", "best Sharp of 2"),
        (["Error", "Sharp"], "c.mp4", "best Error of 3"),
        (["Unseen", "Error"], "c.mp4", "best Error of 3"),
        (["Unseen"], "a.mp4", "first of 3"),
        (["Offset", "Error"], "c.mp4", "best Error of 3"),
    ],
)
def test_the_video_that_is_named_is_the_best_by_the_first_score(metrics, video, words) -> None:
    kinds = {name: {"higher_is_better": IS_HIGHER_BETTER[name]} for name in metrics}
    evaluation = Evaluation({"metrics": kinds}, ROWS, RunFolder(Path("run")))
    assert evaluation.best_video == (Path("run/videos") / video, words)
