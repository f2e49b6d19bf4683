"""Drawn clips are scored by the faces that are read in them."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest
import torch

from talkingface.clip import Clip, FrameArray
from talkingface.config.settings import ModelSettings
from talkingface.data.synth import factor_row, person, render_frames
from talkingface.engine.evaluator import Evaluator
from talkingface.engine.protocols import self_trial
from talkingface.engine.scorers import scorers_of
from talkingface.engine.trials import Task
from talkingface.face.reader.network import as_input
from talkingface.models.base import TalkingFaceModel
from talkingface.plugins import discover

SOMEBODY = 990_502
METRICS = [discover().metrics.get(name) for name in ("LMD", "pose_error", "gaze_error")]


class Silence:
    seconds = 0.4

    def read(self, sample_rate_hz):
        return np.zeros(round(self.seconds * sample_rate_hz), np.float32)


class Plays(TalkingFaceModel):
    """Makes given pictures, whatever the job."""

    def __init__(self, pictures):
        super().__init__(ModelSettings())
        self.pictures = pictures

    def generate(self, job) -> Iterator[torch.Tensor]:
        for start in range(0, len(self.pictures), 6):
            yield as_input(torch.from_numpy(self.pictures[start : start + 6]))


def pictures_of(yaw, opening):
    factors = np.stack([factor_row(yaw=yaw, open=opening * k / 9) for k in range(10)])
    return np.stack(list(render_frames(person(SOMEBODY), factors, 112)))


def scores_of(made, tmp_path):
    true = FrameArray(pictures_of(0.0, 1.0), Fraction(25))
    known = {"factors": lambda: np.zeros((10, 19), np.float32)}
    clip = Clip("drawn", true, Silence(), known=known)
    scorers, _ = scorers_of(METRICS)
    task = Task(clip.name, lambda: self_trial(clip, ()))
    (row,) = Evaluator(Plays(made), scorers, tmp_path).scored(task).rows
    assert row.failure == ""
    return row.scores


def test_what_was_drawn_has_no_error(tmp_path):
    assert list(scores_of(pictures_of(0.0, 1.0), tmp_path).values()) == [0, 0, 0]


def test_another_pose_and_closed_lips_are_seen(tmp_path):
    scores = scores_of(pictures_of(0.3, 0.0), tmp_path)
    # Degrees, the mean of three angles of which one is off; the reader errs about 1.
    assert scores["pose_error"] == pytest.approx(np.degrees(0.3) / 3, abs=1.5)
    assert scores["LMD"] > 2
