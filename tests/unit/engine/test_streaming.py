"""Frames drawn while the speech comes are those of the whole speech, each with its sound."""

from contextlib import ExitStack
from threading import Event, Thread

import numpy as np
import pytest
import torch

from talkingface.engine import streaming
from talkingface.engine.streaming import FrameStream, face_of
from talkingface.engine.streaming_threads import TRIALS
from talkingface.errors import UsageError
from talkingface.job import Control, Job
from talkingface.media.sound import SpeechArray
from talkingface.models.base import LiveFace
from talkingface.models.loud_mouth.config import LoudMouthSettings
from talkingface.models.loud_mouth.model import LoudMouth
from talkingface.plugins import discover
from tests.narrow_pc_avs import narrow_pc_avs
from tests.unit.models.pd_fgc.narrow import driver, narrow_model, pictures

WARM_UP = 1 + TRIALS  # times that the first moment of silence is drawn
SYLLABLES = np.array([0.3, 0.02, 0.0, 0.0, 0.0, 0.0, 0.0, 0.2, 0.6])  # how loud each 80 ms are


def speech(rate: int) -> np.ndarray:
    """Return noise that comes and goes, with a long pause, and ends within a frame: 0.735 s."""
    chance = np.random.default_rng(1)
    loud = np.repeat(SYLLABLES, rate * 8 // 100)
    tail = np.full(rate * 15 // 1000, 0.3)
    both = np.concatenate([loud, tail])
    return (both * chance.uniform(-1, 1, len(both))).astype(np.float32)


def in_odd_pieces(samples: np.ndarray) -> list[np.ndarray]:
    chance = np.random.default_rng(2)
    borders = np.cumsum(chance.integers(1, len(samples) // 4, 40))
    return np.split(samples, borders[borders < len(samples)])


def lively(model):
    """Return a method whose faces follow what they hear and see: new networks hardly do."""
    for name, parameter in model.named_parameters():
        if name.endswith("noise.weight"):
            parameter.data.fill_(0.1)
    for module in (part for name, part in model.named_modules() if "generator" not in name):
        if isinstance(module, torch.nn.Linear):
            module.weight.data *= 30
    return model


def loud_mouth() -> LoudMouth:
    model = LoudMouth(LoudMouthSettings())
    torch.nn.init.uniform_(model.open_mouth.picture)
    return model.eval()


# Each with controls that are far from rest, and whether the head goes on after the last frame.
NODDING = {"pose": Control(driver("nod", 5))}
METHODS = {
    "PC_AVS": (lambda: lively(narrow_pc_avs(level="so_far")), NODDING, False),
    "PC_AVS, noisy": (lambda: lively(narrow_pc_avs(level="so_far", noise="random")), {}, False),
    "PD_FGC": (lambda: lively(narrow_model(level="so_far")), NODDING, True),
    "Loud_Mouth": (loud_mouth, {"lip": Control(strength=2.0)}, False),
}


def unrounded(window: torch.Tensor) -> np.ndarray:
    return window.numpy()


def streamed(face: LiveFace, rate: int, pieces: list[np.ndarray]) -> list:
    stream, frames = FrameStream(face, rate, lambda picture: picture), []
    for piece in pieces:
        stream.push(piece)
        frames += stream.frames()
    stream.end()
    return frames + list(stream.frames())


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("rate", [pytest.param(16_000, marks=pytest.mark.slow), 44_100])
def test_streamed_frames_are_those_of_the_whole_speech(name, rate, monkeypatch) -> None:
    monkeypatch.setattr(streaming, "to_pictures", unrounded)
    make, controls, head_goes_on = METHODS[name]
    model, sound = make(), speech(rate)
    job = Job("job", tuple(pictures(1)), SpeechArray(sound, rate), controls)
    with torch.inference_mode(), ExitStack() as drivers:
        whole = torch.cat(list(model.generate(job))).numpy()
        frames = streamed(face_of(model, job, drivers), rate, in_odd_pieces(sound))
    given = np.stack([frame.picture for frame in frames])
    # The speech ends within the first half of a frame, which a video leaves out.
    assert (len(whole), len(given)) == (18, 19)
    moves = np.abs(np.diff(whole, axis=0)).max()
    alike = len(whole) - head_goes_on
    # Drawn in other portions: float32 through ten layers, of which `lively` enlarges the rounding.
    np.testing.assert_allclose(given[:alike], whole[:alike], atol=1e-5 + 1e-4 * moves)
    assert moves > 3e-3


@pytest.mark.parametrize("name", ["PC_AVS", "PD_FGC", "Loud_Mouth"])
def test_the_look_ahead_is_the_declared_one(name: str) -> None:
    make, controls, _ = METHODS[name]
    job = Job("job", tuple(pictures(1)), SpeechArray(np.zeros(0, np.float32)), controls)
    with ExitStack() as drivers:
        stream = FrameStream(face_of(make(), job, drivers), 16_000, lambda picture: picture)
    declared = discover().models.get(name).look_ahead_ms
    assert stream.look_ahead_seconds == declared / 1000


@pytest.mark.parametrize("make", [narrow_pc_avs, narrow_model])
def test_the_authors_timing_cannot_be_streamed(make) -> None:
    job = Job("job", tuple(pictures(1)), SpeechArray(np.zeros(0, np.float32)))
    with pytest.raises(UsageError, match=r"Write model\.sync=corrected"):
        make(sync="published").live(job)


class Ear(LiveFace):
    """Draws the loudest sample of each frame's own sound, and counts what it draws."""

    heard_before = 320
    heard_after = 1280

    def __init__(self, num_moments: int = 1) -> None:
        self.portions: list[int] = []
        self._num_moments = num_moments

    def moment(self, place: int) -> int:
        return place % self._num_moments

    def draw(self, speech, frames, first):
        self.portions.append(len(frames))
        levels = [np.abs(speech.between(640 * one, 640 * one + 640)).max() for one in frames]
        return torch.tensor(levels, dtype=torch.float32).reshape(-1, 1, 1, 1).expand(-1, 3, 1, 1)


@pytest.mark.parametrize("rate", [11_025, 16_000])
def test_every_frame_has_its_own_sound_and_time_does_not_drift(rate: int) -> None:
    seconds = 20
    sound = np.zeros(seconds * rate, np.float32)
    clicks = np.array([0, 1, 7, 12, 19]) * rate + rate // 50  # in the middle of frames
    for click in clicks:
        sound[click : click + rate // 200] = 0.9
    frames = streamed(Ear(), rate, in_odd_pieces(sound))
    assert [frame.index for frame in frames] == list(range(25 * seconds))
    np.testing.assert_array_equal(np.concatenate([frame.sound for frame in frames]), sound)
    loud = [frame.index for frame in frames if frame.picture.max() > 200]
    assert loud == [0, 25, 175, 300, 475]
    assert [index for index, frame in enumerate(frames) if frame.sound.any()] == loud


def test_speeches_follow_each_other_without_a_gap_or_a_drift() -> None:
    stream, frames = FrameStream(Ear(), 11_025, lambda picture: picture), []
    for _ in range(40):
        stream.push(np.full(1_000, 0.5, np.float32))  # 2.27 frames, which are three
        stream.end()
    frames = list(stream.frames())
    assert [frame.index for frame in frames] == list(range(120))
    assert sum(len(frame.sound) for frame in frames) == 120 * 11_025 // 25
    assert all(frame.picture.max() > 150 for frame in frames)


def test_silence_is_drawn_once_for_each_moment() -> None:
    ear = Ear(num_moments=3)
    frames = streamed(ear, 16_000, [np.zeros(1_600, np.float32)] * 50)
    assert len(frames) == 125
    assert sum(ear.portions) == WARM_UP + 2
    frames = streamed(ear, 16_000, [np.full(1_600, 0.1, np.float32)] * 10)
    # The first moment, at once, and every frame that hears.
    assert sum(ear.portions) == WARM_UP + 2 + WARM_UP + 25


def test_portions_grow_while_drawing_is_fast(monkeypatch) -> None:
    monkeypatch.setattr(streaming.time, "perf_counter", lambda: 0.0)
    ear = Ear()
    streamed(ear, 16_000, [np.full(64_000, 0.1, np.float32)])
    assert ear.portions[WARM_UP : WARM_UP + 5] == [1, 2, 4, 8, 16]
    assert max(ear.portions) == 16


class Slow(Ear):
    """Draws when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.may_end = Event(), Event()
        self.may_end.set()

    def draw(self, speech, frames, first):
        self.begun.set()
        assert self.may_end.wait(30)
        return super().draw(speech, frames, first)


def test_an_interruption_drops_what_is_queued_and_what_is_being_drawn() -> None:
    slow, given = Slow(), []
    stream = FrameStream(slow, 16_000, lambda picture: picture)
    stream.push(np.full(64_000, 0.5, np.float32))
    frames = stream.frames()
    given += [next(frames), next(frames)]
    slow.begun.clear()
    slow.may_end.clear()
    taker = Thread(target=lambda: [given.append(frame) for frame in frames])
    taker.start()
    assert slow.begun.wait(30)
    before = len(given)
    stream.interrupt()  # it does not wait for the portion that is being drawn
    slow.may_end.set()
    taker.join(30)
    assert len(given) == before
    stream.push(np.full(1_280, 0.25, np.float32))
    (answer,) = stream.frames()
    assert answer.index == before
    np.testing.assert_array_equal(answer.sound, np.full(640, 0.25))
    assert answer.picture.max() == 159  # (0.25 + 1) * 127.5: the new sound and not the old


def test_frames_that_nobody_took_are_given_later() -> None:
    stream = FrameStream(Ear(), 16_000, lambda picture: picture)
    stream.push(np.full(6_400, 0.5, np.float32))
    first = next(stream.frames())
    second = next(stream.frames())
    assert (first.index, second.index) == (0, 1)
    stream.end()
    assert [frame.index for frame in stream.frames()] == list(range(2, 10))
