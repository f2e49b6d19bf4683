"""Drawn clips are scored by the faces that are read in them."""

import hashlib
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest
import torch

from talkingface.clip import Clip, FrameArray
from talkingface.config.locations import checkpoints_folder
from talkingface.config.settings import ModelSettings
from talkingface.data.synth import factor_row, person, render_frames
from talkingface.engine import eyes
from talkingface.engine.evaluator import Evaluator
from talkingface.engine.protocols import self_trial
from talkingface.engine.scorers import scorers_of
from talkingface.engine.trials import Task
from talkingface.errors import PluginError
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


def row_of(made, tmp_path):
    true = FrameArray(pictures_of(0.0, 1.0), Fraction(25))
    known = {"factors": lambda: np.zeros((10, 19), np.float32)}
    clip = Clip("drawn", true, Silence(), known=known)
    scorers, _ = scorers_of(METRICS)
    task = Task(clip.name, lambda: self_trial(clip, ()))
    (row,) = Evaluator(Plays(made), scorers, tmp_path).scored(task).rows
    assert row.failure == ""
    return row


def test_what_was_drawn_has_no_error(tmp_path):
    assert list(row_of(pictures_of(0.0, 1.0), tmp_path).scores.values()) == [0, 0, 0]


def test_another_pose_and_closed_lips_are_seen(tmp_path):
    scores = row_of(pictures_of(0.3, 0.0), tmp_path).scores
    # Degrees, the mean of three angles of which one is off; the reader errs about 1.
    assert scores["pose_error"] == pytest.approx(np.degrees(0.3) / 3, abs=1.5)
    assert scores["LMD"] > 2


def test_frames_without_a_face_are_counted_and_said(tmp_path):
    made = pictures_of(0.0, 1.0)
    made[3:5] = 0
    row = row_of(made, tmp_path)
    assert row.scores["LMD"] == 0
    assert row.facts["LMD"] == {"num_frames": 8, "num_missing": 2}
    assert row.remarks == ("no face in 2 of 10 frames",)
    assert row.footage.face_reader == "SynthTalkReader"


def test_without_a_finder_of_faces_the_scores_that_need_none_go_on(tmp_path, monkeypatch):
    def nobody():
        raise PluginError("dlib is not installed. pip install dlib.")

    monkeypatch.setattr(eyes, "open_finder", nobody)
    pictures = pictures_of(0.0, 1.0)
    filmed = Clip("filmed", FrameArray(pictures[::-1].copy(), Fraction(25)), Silence())
    scorers, _ = scorers_of([discover().metrics.get(name) for name in ("SSIM", "LMD")])
    task = Task("filmed", lambda: self_trial(filmed, ()))
    (row,) = Evaluator(Plays(pictures), scorers, tmp_path).scored(task).rows
    assert set(row.scores) == {"SSIM"}
    assert row.missing == {"LMD": "dlib is not installed. pip install dlib."}


def test_who_has_read_faces_is_named_by_a_checksum():
    content = (checkpoints_folder() / "SynthTalkReader" / "demo.safetensors").read_bytes()
    found = eyes.digests_of(["SynthTalkReader", "dlib"])
    assert found["SynthTalkReader"] == hashlib.sha256(content).hexdigest()
    assert len(found["dlib"]) == 64


def test_where_no_score_asks_for_faces_nobody_is_named(tmp_path):
    pictures = pictures_of(0.0, 1.0)
    clip = Clip("filmed", FrameArray(pictures, Fraction(25)), Silence())
    scorers, _ = scorers_of([discover().metrics.get("SSIM")])
    task = Task("filmed", lambda: self_trial(clip, ()))
    (row,) = Evaluator(Plays(pictures), scorers, tmp_path).scored(task).rows
    assert row.footage.face_reader == ""


def test_who_reads_faces_can_be_chosen():
    drawn = Clip("a", known={"factors": lambda: np.zeros((1, 19), np.float32)})
    taken = [eyes.Eyes(choice).takes_as_drawn(drawn) for choice in ("auto", "drawn", "filmed")]
    assert taken == [True, True, False]
    assert not eyes.Eyes().takes_as_drawn(Clip("b"))
    assert eyes.Eyes("drawn").takes_as_drawn(Clip("b"))
