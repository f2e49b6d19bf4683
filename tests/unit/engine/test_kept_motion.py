"""Motion of drivers is kept under their names."""

from pathlib import Path

import numpy as np
import pytest

from talkingface.clip import Clip, FrameArray
from talkingface.config.settings import ModelSettings
from talkingface.data.truth_file import known_in
from talkingface.engine.kept_motion import keep_motion
from talkingface.errors import UsageError
from talkingface.job import Control, Job
from talkingface.media.sound import SpeechArray
from talkingface.models.still_portrait.model import StillPortrait


class Remembers(StillPortrait):
    """Keeps how many frames a driver has."""

    def motion_of(self, clip):
        return {"length": np.full((1, 1), len(clip.frames), np.float32)}


def clip(name, num_frames):
    return Clip(name, FrameArray(np.zeros((num_frames, 4, 4, 3), np.uint8)))


def job(**drivers):
    controls = {name: Control(one) for name, one in drivers.items()}
    return Job("test", (), SpeechArray(np.zeros(10, np.float32)), controls)


@pytest.fixture
def model():
    return Remembers(ModelSettings("Remembers"))


def test_each_driver_has_a_file_that_knows_its_motion(model, tmp_path: Path) -> None:
    eyes, saved = clip("eyes", 3), Clip("saved", known={})
    asked = job(blink=eyes, gaze=eyes, pose=clip("nod", 5), emotion=saved, lip=None)
    keep_motion(model, asked, tmp_path / "new", overwrite=False)
    files = sorted((tmp_path / "new").iterdir())
    assert [path.name for path in files] == ["eyes.npz", "nod.npz"]
    assert [known_in(path)["length"]().item() for path in files] == [3, 5]


def test_what_is_there_is_left_unless_it_may_be_replaced(model, tmp_path: Path) -> None:
    keep_motion(model, job(pose=clip("nod", 5)), tmp_path, overwrite=False)
    keep_motion(model, job(pose=clip("nod", 7)), tmp_path, overwrite=False)
    assert known_in(tmp_path / "nod.npz")["length"]() == 5
    keep_motion(model, job(pose=clip("nod", 7)), tmp_path, overwrite=True)
    assert known_in(tmp_path / "nod.npz")["length"]() == 7


def test_two_drivers_of_one_name_are_not_mixed_up(model, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Two drivers of test are called nod"):
        keep_motion(model, job(pose=clip("nod", 5), gaze=clip("nod", 5)), tmp_path, overwrite=False)
    assert not list(tmp_path.iterdir())


def test_a_method_that_keeps_no_motion_says_so(tmp_path: Path) -> None:
    plain = StillPortrait(ModelSettings("Still_Portrait"))
    with pytest.raises(UsageError, match="Still_Portrait cannot keep the motion of nod"):
        keep_motion(plain, job(pose=clip("nod", 5)), tmp_path, overwrite=False)
