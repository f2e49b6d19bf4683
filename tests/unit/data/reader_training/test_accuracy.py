"""Errors and losses against closed forms."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from talkingface.clip import Clip, FrameArray
from talkingface.data.reader_training.accuracy import (
    accuracy,
    accuracy_on_clips,
    as_table,
    correlation,
)
from talkingface.data.reader_training.losses import reading_losses
from talkingface.errors import DataError
from talkingface.face.reader import FaceReader, FaceReadings
from talkingface.face.reader.network import FaceValues, ReaderNetwork

T = 20


def some_readings():
    rng = np.random.default_rng(0)
    return FaceReadings(
        landmarks=rng.uniform(20, 90, (T, 68, 3)),
        pose=rng.uniform(-0.3, 0.3, (T, 3)),
        mouth_opening=rng.uniform(0, 10, T),
        emotion=rng.uniform(0, 1, (T, 5)),
        blink=rng.uniform(0, 1, T),
        gaze=rng.uniform(-1, 1, (T, 2)),
        presence=np.ones(T),
    )


def as_values(readings):
    return FaceValues(**{name: torch.from_numpy(v) for name, v in vars(readings).items()})


def test_the_truth_itself_has_no_error():
    found = accuracy(some_readings(), some_readings())
    for name, value in found.items():
        assert value == pytest.approx(1 if name.endswith(", r") else 0), name


def test_errors_are_in_pixels_and_degrees():
    true = some_readings()
    read = replace(
        true,
        landmarks=true.landmarks + np.array([3, 4, 1]),
        pose=true.pose + np.radians([1, -2, 3]),
        mouth_opening=true.mouth_opening - 0.5,
        presence=np.where(np.arange(T) < T // 4, 0.4, 0.9),
    )
    found = accuracy(read, true)
    expected = {
        "landmarks, px": 5,
        "landmarks of the mouth, px": 5,
        "depth of landmarks, px": 1,
        "yaw, degrees": 1,
        "pitch, degrees": 2,
        "roll, degrees": 3,
        "mouth opening, px": 0.5,
        "faces missed, %": 25,
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected)


def test_where_closed_eyes_look_does_not_count():
    true = some_readings()
    closed = true.blink >= 0.5
    read = replace(true, gaze=np.where(closed[:, None], 0, true.gaze))
    assert accuracy(read, true)["gaze sideways, r"] == pytest.approx(1)


def test_a_series_that_does_not_vary_has_no_correlation():
    assert np.isnan(correlation(np.ones(5), np.arange(5.0)))
    assert correlation(np.arange(5.0), -np.arange(5.0)) == pytest.approx(-1)


def test_a_clip_that_knows_nothing_is_refused():
    clip = Clip("mute", FrameArray(np.zeros((1, 112, 112, 3), np.uint8)))
    with pytest.raises(DataError, match="mute does not know its blink"):
        accuracy_on_clips(FaceReader(ReaderNetwork(width=2)), [clip])


def test_the_table_has_a_column_for_each_measurement():
    lines = as_table({"here": {"yaw, degrees": 1.0}, "there": {"yaw, degrees": 2.5}}).splitlines()
    assert lines == [
        "| read | here | there |",
        "| --- | --- | --- |",
        "| yaw, degrees | 1.00 | 2.50 |",
    ]


def test_a_perfect_reading_of_faces_has_no_loss_but_that_of_doubt():
    true = as_values(some_readings())
    losses = reading_losses(true, true)
    assert all(float(loss) == 0 for name, loss in losses.items() if name != "presence")


def test_faces_that_are_not_there_have_no_loss_but_their_presence():
    true = as_values(some_readings())
    absent = true._replace(presence=torch.cat([torch.zeros(T // 2), torch.ones(T - T // 2)]))
    wrong = true._replace(landmarks=true.landmarks.clone(), pose=true.pose.clone())
    wrong.landmarks[: T // 2] += 50
    wrong.pose[: T // 2] += 1
    losses = reading_losses(wrong, absent)
    assert float(losses["landmarks"]) == float(losses["pose"]) == 0
    all_there = reading_losses(wrong, true)
    assert float(all_there["landmarks"]) == pytest.approx(50 / 4 / 2)  # half of them, in units of 4


def test_a_closed_eye_has_no_loss_for_its_gaze():
    true = as_values(some_readings())._replace(blink=torch.ones(T))
    wrong = true._replace(gaze=-true.gaze)
    assert float(reading_losses(wrong, true)["gaze"]) == 0


@pytest.mark.parametrize(
    ("name", "error"),  # of a guess; emotion's is squared
    [
        *(("landmarks", 4), ("pose", 0.15), ("mouth_opening", 3)),
        *(("blink", 0.25), ("gaze", 0.4), ("emotion", 0.07**0.5)),
    ],
)
def test_the_error_of_a_guess_has_a_loss_of_one(name, error):
    true = as_values(some_readings())._replace(blink=torch.zeros(T))
    wrong = true._replace(**{name: getattr(true, name) + error})
    assert float(reading_losses(wrong, true)[name]) == pytest.approx(1, rel=1e-5)
