"""What the reader of drawn faces gives to metrics."""

import numpy as np
import pytest

from talkingface.data.synth import factor_row, person, render_frames, truth
from talkingface.data.synth.paint_eyes import GAZE_REACH as REACH_OF_DRAWN_EYES
from talkingface.face.reader import FaceReadings, open_reader
from talkingface.metrics.base import MetricUnavailableError, Pair
from talkingface.metrics.drawn_faces import GAZE_REACH, directions, read_drawn_view
from talkingface.metrics.gaze import GazeError, angle_between
from talkingface.metrics.head_pose import PoseError
from talkingface.metrics.landmark_distance import LMD


class Reader:
    """Finds a face in all pictures but the second, and counts how often it is asked."""

    num_asked = 0

    def read(self, pictures):
        self.num_asked += 1
        count = len(pictures)
        return FaceReadings(
            landmarks=np.full((count, 68, 3), 7, np.float32),
            pose=np.full((count, 3), 0.1, np.float32),
            mouth_opening=np.full(count, 3, np.float32),
            emotion=np.full((count, 5), 0.2, np.float32),
            blink=np.linspace(0, 1, count, dtype=np.float32),
            gaze=np.full((count, 2), 0.5, np.float32),
            presence=np.where(np.arange(count) == 1, 0.1, 0.9).astype(np.float32),
        )


NAMES = ("landmarks", "pose", "gaze", "emotion", "blink", "mouth_opening")


def test_pictures_are_read_once_and_only_when_asked_for():
    reader = Reader()
    view = read_drawn_view(np.zeros((4, 8, 8, 3), np.uint8), reader)
    assert reader.num_asked == 0
    shapes = [view.read(name).shape for name in NAMES]
    assert shapes == [(4, 68, 2), (4, 3), (4, 3), (4, 5), (4,), (4,)]
    assert reader.num_asked == 1


@pytest.mark.parametrize(
    ("name", "what"),
    [("expression", "3D face model"), ("mesh_of_square", "these are drawn.*theval_68")],
)
def test_what_is_not_read_in_drawn_faces_says_why(name, what):
    with pytest.raises(MetricUnavailableError, match=what):
        read_drawn_view(np.zeros((1, 8, 8, 3), np.uint8), Reader()).read(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_frame_without_a_face_has_no_reading(name):
    values = read_drawn_view(np.zeros((4, 8, 8, 3), np.uint8), Reader()).read(name)
    assert np.isnan(values[1]).all()
    assert np.isfinite(values[0]).all()


def test_directions_are_those_in_which_eyes_are_drawn():
    assert GAZE_REACH == REACH_OF_DRAWN_EYES
    ahead, right = directions(np.array([[0.0, 0], [1, 0]]), np.zeros(2))
    np.testing.assert_allclose(ahead, [0, 0, 1])
    assert angle_between(ahead[None], right[None])[0] == pytest.approx(np.degrees(0.5))
    assert np.isnan(directions(np.zeros((1, 2)), np.ones(1))).all()


def test_scores_of_other_movements_are_what_they_differ_by():
    """Half a second of one person beside the same with the head and the eyes turned."""
    who = person(990_501)
    here = np.stack([factor_row(open=o, gaze_x=-0.6) for o in np.linspace(0, 1, 6)])
    there = np.stack(
        [factor_row(open=o, gaze_x=0.6, yaw=np.radians(12)) for o in np.linspace(0, 1, 6)]
    )
    reader = open_reader()
    views = [
        read_drawn_view(np.stack(list(render_frames(who, factors, 112))), reader)
        for factors in (there, here)
    ]
    pose, gaze, lips = PoseError(), GazeError(), LMD()
    for metric in (pose, gaze, lips):
        metric.update(Pair(*views))
    assert pose.compute() == pytest.approx(12 / 3, abs=1.5)  # degrees, mean of three angles
    assert gaze.compute() == pytest.approx(1.2 * np.degrees(0.5), abs=10)  # r of gaze is below 1
    true = [truth(who, factors, 112).landmarks[:, 48:, :2] * 2 for factors in (there, here)]
    apart = np.linalg.norm(
        (true[0] - true[0].mean(1, keepdims=True)) - (true[1] - true[1].mean(1, keepdims=True)),
        axis=-1,
    ).mean()
    assert lips.compute() == pytest.approx(apart, abs=1.0)  # px at 224, where the reader errs 1
