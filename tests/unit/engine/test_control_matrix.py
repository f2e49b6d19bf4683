"""The matrix tells what follows from what moves along, and how much of that is the reader's."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from talkingface.clip import Clip, FrameArray
from talkingface.config.settings import ModelSettings
from talkingface.data.synth import person, render_frames, truth
from talkingface.data.synth.camera import ALIGNED, CROP, PORTRAIT
from talkingface.data.synth.factors import columns_of, factor_row
from talkingface.data.synth.probes import probes
from talkingface.engine import control_matrix
from talkingface.engine.control_matrix import Movement, matrix_of, movements_of, people_of
from talkingface.errors import DataError
from talkingface.face.reader import open_reader
from talkingface.face.reader.network import as_input
from talkingface.job import CONTROL_NAMES
from talkingface.media import SpeechArray
from talkingface.models.base import TalkingFaceModel

NUM_FRAMES = 12
WIDTHS = {"lip": 1, "pose": 3, "blink": 1, "gaze": 2, "emotion": 5}
HEAD = columns_of("pose")[:3]


def tracks(**moving):
    return {name: np.full((4, width), moving.get(name, 0.0)) for name, width in WIDTHS.items()}


def movement(moved, asked, made, drawn=None):
    return Movement(moved, tracks(**asked), tracks(**made), tracks(**(drawn or asked)))


def test_entries_are_slopes_where_asked_and_shares_of_natural_movement_elsewhere():
    movements = [
        movement("lip", {"lip": 2.0}, {"lip": 1.0, "pose": 0.3}),
        movement("pose", {"pose": 1.0}, {"pose": 1.0, "lip": 0.5}, {"pose": 1.0, "lip": 0.1}),
        Movement("blink", tracks(blink=1.0), {}, {}),
        Movement("gaze", tracks(gaze=1.0), {}, {}),
        Movement("emotion", tracks(), {}, {}),
    ]
    matrix = matrix_of(movements, {"pose", "lip"})
    assert matrix["moved"] == ["lip", "pose"]
    assert matrix["factors"] == list(CONTROL_NAMES)
    # The pose has three angles, each 0.3 off, of which 1.0 is natural.
    assert matrix["method"][0] == [pytest.approx(0.5), pytest.approx(0.3), 0.0, 0.0, None]
    assert matrix["method"][1][:2] == [pytest.approx(0.25), pytest.approx(1.0)]
    assert matrix["floor"][0][:2] == [pytest.approx(1.0), 0.0]
    assert matrix["floor"][1][:2] == [pytest.approx(0.05), pytest.approx(1.0)]
    assert matrix["num_people"] == 1
    json.dumps(matrix, allow_nan=False)


def test_frames_in_which_nothing_can_be_read_do_not_count():
    half = tracks(lip=1.0)
    half["lip"][2:] = np.nan
    seen = Movement("lip", tracks(lip=2.0), half, half)
    others = [Movement(one, tracks(), {}, {}) for one in CONTROL_NAMES if one != "lip"]
    assert matrix_of([seen, *others], {"lip"})["method"][0][0] == pytest.approx(0.5)


class Draws(TalkingFaceModel):
    """Draws a person who does as the job says; the mouth also turns the head, if it `leaks`.

    The head is always held at a `tilt`.
    """

    def __init__(self, clip, leaks=0.0, tilt=0.0):
        super().__init__(ModelSettings())
        self.clip, self.leaks, self.tilt = clip, leaks, tilt

    def generate(self, job):
        factors = np.zeros((NUM_FRAMES, len(factor_row())), np.float32)
        for name, control in job.controls.items():
            if control.source is not None:
                columns = columns_of(name)
                factors[:, columns] = control.source.truth("factors")[:, columns]
        if job.speech.read(16000).any():
            own = self.clip.truth("factors")[:NUM_FRAMES]
            factors[:, columns_of("lip")] = own[:, columns_of("lip")]
            factors[:, HEAD[0]] += self.leaks * own[:, columns_of("lip")[0]]
        factors[:, HEAD[2]] += self.tilt
        frames = render_frames(person(PEOPLE[self.clip.name]), factors, 112)
        yield as_input(torch.from_numpy(np.stack(list(frames))))


PEOPLE = {"one": 990_601, "two": 990_602}


def drawn_clip(name):
    rng = np.random.default_rng(PEOPLE[name])
    factors = np.stack([factor_row(yaw=0.2 * rng.normal(), open=k % 2) for k in range(NUM_FRAMES)])
    frames = list(render_frames(person(PEOPLE[name]), factors[:1], 112))
    speech = SpeechArray(np.ones(NUM_FRAMES * 640, np.float32) / 2)
    known = {"factors": lambda: factors}
    return Clip(name, FrameArray(np.stack(frames)), speech, person(PEOPLE[name]).name, known)


@pytest.fixture(scope="module")
def people():
    return people_of([drawn_clip("one"), drawn_clip("two")], most=2)


@pytest.fixture(autouse=True)
def few_frames(monkeypatch):
    monkeypatch.setattr(control_matrix, "NUM_FRAMES", NUM_FRAMES)


def matrix(people, leaks=0.0, tilt=0.0):
    reader = open_reader()
    found = [
        one
        for person in people[:1]
        for one in movements_of(Draws(person[0], leaks, tilt), ("lip", "pose"), person, reader)
    ]
    return matrix_of(found, ("lip", "pose"))


def test_a_perfect_method_is_at_the_floor_and_a_leak_is_seen(people):
    perfect = matrix(people)
    np.testing.assert_allclose(perfect["method"][0][:2], perfect["floor"][0][:2], atol=1e-6)
    np.testing.assert_allclose(perfect["method"][1][:2], perfect["floor"][1][:2], atol=1e-6)
    assert perfect["correlation"]["pose"] > 0.95
    # The reader errs by a degree or two; the heads turn by some eleven.
    assert perfect["method"][1][1] == pytest.approx(1, abs=0.15)
    assert perfect["floor"][0][1] < 0.2
    leaky = matrix(people, leaks=0.2)
    assert leaky["method"][0][1] > 0.5
    assert leaky["floor"] == perfect["floor"]


def test_how_a_face_is_held_at_rest_is_no_movement(people):
    tilted = matrix(people, tilt=0.2)  # the heads turn by as much as that
    assert tilted["method"][0][1] < 0.2
    assert tilted["method"][1][1] == pytest.approx(1, abs=0.15)


def test_a_probe_moves_one_factor_and_leaves_the_rest(people):
    (clip, other), *_ = people
    rest, *moving = probes(clip, other, NUM_FRAMES, 56)
    assert [one.moved for one in moving] == list(CONTROL_NAMES)
    assert not rest.answer.truth("factors").any()
    assert not rest.job.speech.read(16000).any()
    for probe in moving:
        factors = probe.answer.truth("factors").copy()
        factors[:, columns_of(probe.moved)] = 0
        assert not factors.any()
        assert probe.job.speech.read(16000).any() == (probe.moved == "lip")
        for name, control in probe.job.controls.items():
            if control.source is not None:
                shown = control.source.truth("factors")
                expected = probe.answer.truth("factors") if name == probe.moved else 0 * shown
                np.testing.assert_array_equal(shown, expected)
                assert control.source.identity == other.identity


@pytest.mark.parametrize("framing", [CROP, ALIGNED, PORTRAIT])
def test_heads_are_framed_as_in_the_clip(people, framing):
    (clip, other), *_ = people
    who, factors = person(PEOPLE["one"]), clip.truth("factors")
    points = truth(who, factors, 112, framing).landmarks[..., :2]  # of the clip's own frames
    framed = replace(clip, known={**clip.known, "landmarks": lambda: points})
    rest, lip, *_ = probes(framed, other, 2, 56)
    drawn = next(render_frames(who, 0 * factors[:1], 56, framing))
    np.testing.assert_array_equal(rest.answer.frames.read(0, 1)[0], drawn)
    np.testing.assert_array_equal(rest.job.portraits[0], drawn)
    opening = truth(who, lip.answer.truth("factors"), 56, framing).mouth_opening
    np.testing.assert_array_equal(lip.answer.truth("mouth_opening"), opening)


def test_people_must_be_drawn_and_two():
    with pytest.raises(DataError, match="only on drawn faces of two people"):
        people_of([drawn_clip("one")], 4)
    pairs = people_of([drawn_clip("one"), drawn_clip("two"), drawn_clip("one")], 4)
    assert [(a.name, b.name) for a, b in pairs] == [("one", "two"), ("two", "one")]
