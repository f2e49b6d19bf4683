"""Whom each factor follows, and how strongly."""

import numpy as np
import pytest
import torch

from talkingface.clip import Clip, FrameArray
from talkingface.errors import DataError, UsageError
from talkingface.job import Control
from talkingface.models.pd_fgc.factors import places
from talkingface.models.pd_fgc.reading import MOTION, MOTION_ENCODER
from talkingface.nn.folding import fold
from talkingface.nn.pictures import to_frames
from tests.unit.models.pd_fgc.narrow import (
    SIZES,
    chosen,
    driver,
    job,
    motion_of,
    narrow_model,
    pictures,
)

COLUMNS = {name: list(columns) for name, columns in places(10, 5).items()}
GAINS = {"emotion": 1.2, "blink": 1.2, "gaze": 1.2}
SWITCHES = {"mouth": "lip", "headpose": "pose", "blink": "blink", "gaze": "gaze", "emo": "emotion"}


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return narrow_model()


@pytest.fixture(scope="module")
def drivers():
    """Return four clips, each longer than a job of 10 frames."""
    return {
        name: driver(name, 12, seed)
        for seed, name in enumerate(("pose", "blink", "gaze", "emotion"))
    }


def seen(model, clip):
    """Return the motion of all pictures of a clip."""
    with torch.inference_mode():
        encoder = model.network.motion_encoder
        return encoder.motion(encoder(to_frames(clip.frames.pictures)))


def moving(motion):
    """Return the factors that are not at rest."""
    return {name for name, columns in COLUMNS.items() if motion[:, columns].any()}


def test_every_factor_follows_its_own_video(model, drivers):
    motion = motion_of(model, job(**drivers))
    assert motion.shape == (10, 27)
    for name in ("blink", "gaze", "emotion"):
        theirs = GAINS[name] * seen(model, drivers[name])[:10, COLUMNS[name]]
        torch.testing.assert_close(motion[:, COLUMNS[name]], theirs)
    poses = seen(model, drivers["pose"])[:10, COLUMNS["pose"]]
    expected = [poses[max(0, k - 1) : k + 2].mean(dim=0) for k in range(10)]
    torch.testing.assert_close(motion[:, COLUMNS["pose"]], torch.stack(expected))


@pytest.mark.parametrize("switch", SWITCHES)
def test_a_switch_moves_its_factor_alone(model, drivers, switch):
    motion = motion_of(chosen(model, switches=(switch,)), job(**drivers))
    assert moving(motion) == {SWITCHES[switch]}
    everything = motion_of(model, job(**drivers))
    columns = COLUMNS[SWITCHES[switch]]
    assert motion[:, columns].equal(everything[:, columns])


def test_without_a_switch_nothing_moves_and_nobody_is_looked_at(model):
    nobody = Clip("nobody", frames=None)
    motion = motion_of(chosen(model, switches=()), job(pose=nobody))
    assert motion.shape == (10, 27)
    assert not motion.any()


def test_without_controls_lips_alone_move_with_the_speech(model):
    assert moving(motion_of(model, job())) == {"lip"}


def test_a_switch_without_its_source_is_an_error_that_says_what_to_give(model):
    asked = chosen(model, switches=("mouth", "headpose"))
    with pytest.raises(UsageError, match=r"'headpose' is on.*Give --pose a video or a picture"):
        motion_of(asked, job())


def test_speech_moves_lips_only(model):
    with pytest.raises(DataError, match="no source of blink"):
        motion_of(model, job(blink=None))


def test_a_driver_without_pictures_is_an_error(model):
    with pytest.raises(DataError, match="nobody has no pictures to follow"):
        motion_of(model, job(gaze=Clip("nobody", FrameArray(pictures(0)))))


def test_strength_scales_what_a_factor_does(model, drivers):
    once = motion_of(model, job(emotion=drivers["emotion"], lip=Control()))
    twice = motion_of(
        model, job(emotion=Control(drivers["emotion"], 2.0), lip=Control(strength=0.5))
    )
    torch.testing.assert_close(twice[:, COLUMNS["emotion"]], 2 * once[:, COLUMNS["emotion"]])
    torch.testing.assert_close(twice[:, COLUMNS["lip"]], 0.5 * once[:, COLUMNS["lip"]])


def test_a_factor_at_rest_may_stay_as_in_the_portrait(model, drivers):
    resting = chosen(model, rest="portrait", switches=("emo",))
    portrait = seen(model, Clip("portrait", FrameArray(pictures(1))))
    asked = job(emotion=Control(drivers["emotion"], 0.5))
    motion = motion_of(resting, asked)
    for name in ("lip", "pose", "blink", "gaze"):
        torch.testing.assert_close(
            motion[:, COLUMNS[name]], portrait[:, COLUMNS[name]].expand(10, -1)
        )
    theirs = 1.2 * seen(model, drivers["emotion"])[:10]
    halfway = (portrait + theirs) / 2
    torch.testing.assert_close(motion[:, COLUMNS["emotion"]], halfway[:, COLUMNS["emotion"]])


def test_fixed_angles_hold_pose_and_gaze(model):
    motion = motion_of(model, job(pose=(0.2, -0.1, 0.0), gaze=(0.4, 0.0)))
    torch.testing.assert_close(
        motion[:, COLUMNS["pose"]], torch.tensor([[1, -0.5, 0, 0, 0, 0.0]]).expand(10, -1)
    )
    torch.testing.assert_close(motion[:, COLUMNS["gaze"]], torch.tensor([[2, 0.0]]).expand(10, -1))


def test_numbers_that_mean_nothing_are_refused(model):
    with pytest.raises(UsageError, match="'emotion' takes a video or a picture, not numbers"):
        motion_of(model, job(emotion=(1.0,)))
    with pytest.raises(UsageError, match="'pose' takes 3 angles, not 2"):
        motion_of(model, job(pose=(1.0, 2.0)))
    published = chosen(model)
    published.settings = model.settings.__class__(
        network=SIZES.__class__(**{**vars(SIZES), "angle_codes": False})
    )
    with pytest.raises(UsageError, match="Nobody knows how these weights write the angles of gaze"):
        motion_of(published, job(gaze=(0.1, 0.0)))


def test_one_picture_drives_a_whole_video(model):
    smile = driver("smile", 1)
    motion = motion_of(model, job(emotion=smile, pose=smile))
    theirs = seen(model, smile)
    torch.testing.assert_close(
        motion[:, COLUMNS["emotion"]], 1.2 * theirs[:, COLUMNS["emotion"]].expand(10, -1)
    )
    torch.testing.assert_close(
        motion[:, COLUMNS["pose"]], theirs[:, COLUMNS["pose"]].expand(10, -1)
    )


def test_lips_may_follow_a_video(model, drivers):
    motion = motion_of(model, job(lip=drivers["pose"]))
    theirs = seen(model, drivers["pose"])[:10, COLUMNS["lip"]]
    torch.testing.assert_close(motion[:, COLUMNS["lip"]], theirs)


class Counted(FrameArray):
    """Frames that count how often each was read."""

    def read(self, start, stop):
        self.counts[start:stop] += 1
        return super().read(start, stop)


def test_a_picture_that_drives_several_factors_is_read_once_and_none_is_read_too_soon(model):
    frames = Counted(pictures(4))
    object.__setattr__(frames, "counts", np.zeros(4, int))
    everyone = Clip("everyone", frames)
    few = chosen(model, frames_at_once=2)
    asked = job(seconds=1.0, pose=everyone, blink=everyone, gaze=Clip("same", frames))
    with torch.inference_mode():
        windows = few.motions(asked)
        next(windows)
        assert frames.counts.tolist() == [1, 1, 1, 0]  # two, and a neighbour of the pose
        assert len(list(windows)) == 12
    assert frames.counts.tolist() == [1, 1, 1, 1]


def test_windows_of_any_length_give_one_motion(model, drivers):
    asked = job(**drivers)
    whole = motion_of(chosen(model, frames_at_once=100), asked)
    for length in (1, 3, 8):
        parts = motion_of(chosen(model, frames_at_once=length), asked)
        torch.testing.assert_close(parts, whole, rtol=0, atol=1e-5)  # other order of sums


def test_saved_motion_drives_as_its_pictures_do(model, drivers):
    for sync in ("corrected", "published"):
        ours = chosen(model, sync=sync)
        with torch.inference_mode():
            saved = ours.motion_of(drivers["pose"])
        assert saved[MOTION].shape == (12, 27)
        template = Clip("pose", known={name: lambda one=one: one for name, one in saved.items()})
        by_template = motion_of(ours, job(pose=template, emotion=template))
        by_pictures = motion_of(ours, job(pose=drivers["pose"], emotion=drivers["pose"]))
        torch.testing.assert_close(by_template, by_pictures, rtol=0, atol=1e-5)


def test_motion_is_known_by_the_weights_as_they_were_trained(drivers):
    torch.manual_seed(1)
    trained = narrow_model()
    with torch.inference_mode():
        saved = trained.motion_of(drivers["pose"])
        before = trained.network.motion_encoder.digest()
        folded = fold(trained)
        assert folded.network.motion_encoder.digest() == before
        template = Clip("pose", known={name: lambda one=one: one for name, one in saved.items()})
        by_template = motion_of(folded, job(pose=template))
        by_pictures = motion_of(folded, job(pose=drivers["pose"]))
    torch.testing.assert_close(by_template, by_pictures, rtol=0, atol=1e-5)


def test_motion_that_other_weights_saved_is_refused(model, drivers):
    torch.manual_seed(1)
    with torch.inference_mode():
        saved = narrow_model().motion_of(drivers["pose"])
    for forged in (saved, {MOTION: saved[MOTION]}):
        template = Clip("old", known={name: lambda one=one: one for name, one in forged.items()})
        with pytest.raises(DataError, match="old was saved with other weights"):
            motion_of(model, job(pose=template))
    assert MOTION_ENCODER in saved
