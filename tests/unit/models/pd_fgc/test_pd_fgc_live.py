"""What a live portrait hears and whom it follows: in its speech and in its stream."""

import numpy as np
import torch

from talkingface.media.features.passage import Passage
from talkingface.media.features.windows import passing_mouth_windows
from talkingface.models.pd_fgc.live import LivePDFGC, PassingSpeech
from tests.unit.models.pd_fgc.narrow import driver, job, narrow_model


def test_lips_count_from_the_speech_and_drivers_from_the_stream() -> None:
    hearing, asked = PassingSpeech(), []

    class Director:
        def motion(self, frames):
            asked.append((frames, hearing(range(frames.start - 1, frames.stop + 1))))
            return torch.zeros(len(frames), 4)

    heard = Passage(np.random.default_rng(0).normal(0, 0.1, 6_400))
    LivePDFGC(Director(), hearing, lambda motion: motion).draw(heard, range(3, 5), first=10)
    ((frames, windows),) = asked
    assert frames == range(10, 12)
    np.testing.assert_array_equal(windows, passing_mouth_windows(heard, range(2, 6)))


def test_a_moment_is_the_pictures_of_each_driver_around_a_frame() -> None:
    with torch.inference_mode():
        face = narrow_model().live(job(pose=driver("nod", 3), gaze=driver("look", 2)))
    assert face.moment(0) == (0, 1, 0, 1)
    assert face.moment(3) == (2, 2, 1, 1, 0, 0)
    assert face.moment(3) == face.moment(15)  # nods come back after 6 frames, looks after 4
    assert face.moment(3) != face.moment(9)
