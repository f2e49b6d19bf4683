"""From portrait, sound and driving folders to pictures, against the authors' program."""

import numpy as np
import pytest
import torch

from talkingface.clip import Clip, FrameArray
from talkingface.face.align.network_view import NetworkFrames, network_view
from talkingface.job import Control, Job
from talkingface.media.sound import SpeechArray
from talkingface.media.strip import side_by_side
from talkingface.models.pd_fgc.config import PDFGCSettings
from talkingface.models.pd_fgc.model import PDFGC
from talkingface.nn.pictures import to_pictures
from tests.parity.pd_fgc.published_numbers import (
    CODE_TOLERANCE,
    PICTURE_TOLERANCE,
    aligned_picture,
    golden,
    layer_noise,
    waveform,
)

FLAGS = ["none", "mouth", "blink", "gaze", "emo", "headpose", "all"]


def folder(name, num_pictures):
    """Return a driving folder as the networks see it."""
    pictures = [aligned_picture(f"{name}/{index}") for index in range(num_pictures)]
    return Clip(name, NetworkFrames(FrameArray(np.stack(pictures))))


@pytest.fixture(scope="module")
def job():
    """Return the five inputs of the goldens."""
    whole = np.clip(np.round(32767 * waveform(9600)), -32768, 32767)
    eye = folder("eye", 11)
    drivers = {"pose": folder("pose", 13), "emotion": folder("exp", 10), "blink": eye, "gaze": eye}
    return Job(
        "goldens",
        (network_view().cut(aligned_picture("app")),),
        SpeechArray((whole / 32768).astype(np.float32), 16_000),
        {name: Control(clip) for name, clip in drivers.items()},
    )


@pytest.fixture(scope="module")
def model(network):
    """Return the method as the authors' program is, with the noise of the goldens as its own."""
    with torch.device("meta"):
        model = PDFGC(PDFGCSettings())
    model.network = network
    for kept, given in zip(
        network.generator.kept_noise(), layer_noise(network.generator), strict=True
    ):
        kept.copy_(given)
    return model.eval()


def published(model, flag, frames_at_once=8):
    """Make the model do as the authors' program does with one switch on."""
    switches = () if flag == "none" else (flag,)
    model.settings = PDFGCSettings(
        switches=switches,
        sync="published",
        short_driver="loop",
        noise="buffer",
        frames_at_once=frames_at_once,
    )
    return model


def assert_codes(ours, theirs):
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=CODE_TOLERANCE)


def assert_pixels(ours, theirs):
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=PICTURE_TOLERANCE)


def drawn(model, job, motion):
    """Return the pictures of some motion with the noise of the goldens."""
    noise = model.network.generator.kept_noise()
    return model.network.draw(model.appearance(job), motion, noise)


def assert_strip(ours, job, picture_of, theirs):
    """Compare a frame with the authors' five panels, which are BGR."""
    drivers = [
        job.controls[name].source.frames.read(picture, picture + 1)
        for name, picture in picture_of.items()
    ]
    strip = next(side_by_side([job.portraits[0], to_pictures(ours[None]), *drivers], 224))
    # Levels are cut off, so a difference of 1e-6 can move one by 1.
    assert np.abs(strip[::4, ::4, ::-1].astype(int) - theirs).max() <= 1


def test_the_first_frames_are_those_of_the_authors(model, job):
    goldens = golden("e2e_all")
    published(model, "all", frames_at_once=2)
    motion = next(model.motions(job))
    assert_codes(motion, goldens["motion"][:2])
    appearance = model.appearance(job)
    assert_codes(appearance.vector[0], goldens["appearance_pooled"])
    assert_codes(appearance.start[0, ::4], goldens["appearance_spatial_s"])
    first = drawn(model, job, motion[:1])
    assert_pixels(first[:, :, ::8, ::8], goldens["image_s8"][:1])
    shown = {"pose": 2, "emotion": 2, "blink": 2}
    assert_strip(first[0], job, shown, goldens["composite_bgr_frame0_s4"])


@pytest.mark.slow  # draws twelve pictures at full size
def test_the_whole_video_is_that_of_the_authors(model, job):
    goldens = golden("e2e_all")
    published(model, "all")
    video = torch.cat(list(model.generate(job)))
    assert len(video) == model.num_frames(job) == goldens["n_frames"]
    assert_pixels(video.mean(dim=(1, 2, 3)), goldens["image_mean"])
    assert_pixels(video.std(dim=(1, 2, 3)), goldens["image_std"])
    shown = {"pose": 2, "emotion": 2 + 11 % 8, "blink": 2 + 11 % 9}
    assert_strip(video[11], job, shown, goldens["composite_bgr_last_s4"])


@pytest.mark.slow  # draws five pictures at full size
@pytest.mark.parametrize("flag", FLAGS)
def test_every_switch_gives_the_authors_motion_and_pictures(model, job, flag):
    goldens = golden(f"e2e_{flag}")
    published(model, flag)
    motion = torch.cat(list(model.motions(job)))
    assert_codes(motion, goldens["motion"])
    frames = goldens["frames"]
    pictures = drawn(model, job, motion[frames])
    assert_pixels(pictures[:, :, ::8, ::8], goldens["image_s8"])
    assert_pixels(pictures.mean(dim=(1, 2, 3)), goldens["image_mean"][frames])
    assert_pixels(pictures.std(dim=(1, 2, 3)), goldens["image_std"][frames])
