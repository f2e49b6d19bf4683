"""Pictures that are drawn ahead, of drivers that are decoded ahead."""

import threading
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import pytest
import torch

from talkingface.clip import Clip, FrameArray
from talkingface.config.settings import ModelSettings
from talkingface.engine import drawn_pictures
from talkingface.engine.drawn_pictures import generated_pictures, to_pictures
from talkingface.errors import DataError
from talkingface.job import Control, Job
from talkingface.media import SpeechArray
from talkingface.models.base import TalkingFaceModel

PICTURES = np.random.default_rng(0).integers(0, 256, (12, 4, 4, 3)).astype(np.uint8)


@dataclass(frozen=True)
class Tape:
    """Frames that are decoded one after the other, and say how often they are opened."""

    opened: list[int] = field(default_factory=list)
    fps = Fraction(25)

    def __len__(self):
        return len(PICTURES)

    def __iter__(self):
        self.opened.append(0)
        yield from PICTURES

    def read(self, start, stop):
        self.opened.append(start)
        return PICTURES[start:stop]


class Copier(TalkingFaceModel):
    """Draws the mean of who moves the head and who blinks."""

    def __init__(self) -> None:
        super().__init__(ModelSettings("Copier"))
        self.seen, self.modes = [], []

    def generate(self, job):
        drivers = [control.source.frames for control in job.controls.values()]
        self.seen.append(drivers)
        for start in range(0, 12, 3):
            self.modes.append((torch.is_inference_mode_enabled(), threading.get_ident()))
            read = np.mean([one.read(start, start + 3) for one in drivers], axis=0)
            yield torch.from_numpy(read / 127.5 - 1).permute(0, 3, 1, 2)


def job_of(**drivers):
    controls = {name: Control(Clip(name, frames)) for name, frames in drivers.items()}
    return Job("job", (PICTURES[0],), SpeechArray(np.zeros(7680, np.float32)), controls)


def test_frames_are_those_that_the_method_makes_without_gradients_in_a_thread_of_its_own():
    model, tape = Copier(), Tape()
    pictures = np.stack(list(generated_pictures(model, job_of(pose=tape))))
    np.testing.assert_array_equal(pictures, PICTURES)
    assert {mode for mode, _ in model.modes} == {True}
    assert threading.get_ident() not in {thread for _, thread in model.modes}
    assert tape.opened == [0]


def test_who_drives_two_controls_is_one_and_decoded_once():
    model, tape = Copier(), Tape()
    list(generated_pictures(model, job_of(pose=tape, blink=tape, gaze=Tape())))
    first, second, third = model.seen[0]
    assert first is second
    assert first is not third


def test_pictures_in_memory_are_not_decoded_by_threads():
    model, array = Copier(), FrameArray(PICTURES)
    list(generated_pictures(model, job_of(pose=array)))
    assert model.seen == [[array]]


def test_what_the_first_window_took_is_given_back_once(monkeypatch):
    model, given_back = Copier(), []
    monkeypatch.setattr(
        drawn_pictures, "give_back_freed_memory", lambda: given_back.append(len(model.modes))
    )
    list(generated_pictures(model, job_of(pose=FrameArray(PICTURES))))
    assert given_back == [1]


def test_who_stops_early_leaves_no_thread_behind():
    before = threading.active_count()
    pictures = generated_pictures(Copier(), job_of(pose=Tape()))
    next(pictures)
    assert threading.active_count() > before
    pictures.close()
    assert threading.active_count() == before


def test_a_fault_of_a_driver_comes_out_as_it_is():
    class Torn(Tape):
        def __iter__(self):
            yield PICTURES[0]
            raise DataError("The tape is torn.")

    with pytest.raises(DataError, match="torn"):
        list(generated_pictures(Copier(), job_of(pose=Torn())))


def test_levels_are_rounded_and_cut_off():
    window = torch.tensor([-2.0, -1.0, 0.0, 1.0, 2.0]).view(5, 1, 1, 1).expand(5, 3, 1, 1)
    assert to_pictures(window)[:, 0, 0, 0].tolist() == [0, 0, 128, 255, 255]
