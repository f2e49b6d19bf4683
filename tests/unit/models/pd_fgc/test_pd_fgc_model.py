"""From a job to frames."""

import numpy as np
import pytest
import torch

from talkingface.errors import DataError
from talkingface.job import Job
from talkingface.media.features.mel import mel_spectrogram
from talkingface.media.features.windows import mouth_windows
from tests.unit.models.pd_fgc.narrow import (
    chosen,
    driver,
    job,
    motion_of,
    narrow_model,
    pictures,
    speech,
)


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return narrow_model()


def video(model, asked):
    with torch.inference_mode():
        return torch.cat(list(model.generate(asked)))


def test_as_many_frames_are_drawn_as_the_speech_lasts(model):
    for seconds, num_frames in ((0.4, 10), (1.0, 25), (0.001, 1)):
        drawn = video(model, job(seconds, pose=driver("pose", 3)))
        assert drawn.shape == (num_frames, 3, 64, 64)
        assert model.num_frames(job(seconds)) == num_frames
        assert drawn.abs().max() <= 1


def test_the_published_timing_draws_four_fewer(model):
    published = chosen(model, sync="published")
    # 207 rows of sound are 51 frames; the authors draw 47
    assert len(video(published, job(2.0))) == published.num_frames(job(2.0)) == 47
    with pytest.raises(DataError, match=r"shorter than the 0\.12 s"):
        published.num_frames(job(0.1))


def heard(model, frames):
    """Return the lip codes of frames of the speech, neither smoothed nor louder."""
    encoder = model.network.speech_encoder
    mel = mel_spectrogram(speech(1.0).waveform)
    with torch.inference_mode():
        return encoder.lip_codes(encoder(torch.from_numpy(mouth_windows(mel, frames)))).numpy()


def test_lips_follow_the_sound_of_their_own_frame(model):
    codes = heard(model, range(-1, 26))
    near, at = 0.27406862, 0.45186276  # as the specification writes them
    expected = 1.5 * (near * codes[:-2] + at * codes[1:-1] + near * codes[2:])
    lips = motion_of(model, job(1.0))[:, :10]
    np.testing.assert_allclose(lips, expected, rtol=0, atol=1e-6)  # float32 of numbers below 1


def test_published_lips_are_two_frames_early_and_fade_at_both_ends(model):
    codes = heard(model, range(2, 24))
    zeros = np.zeros((1, 10))
    framed = np.concatenate([zeros, codes, zeros])
    near, at = 0.27406862, 0.45186276
    expected = 1.5 * (near * framed[:-2] + at * framed[1:-1] + near * framed[2:])
    lips = motion_of(chosen(model, sync="published"), job(1.0))[:, :10]
    np.testing.assert_allclose(lips, expected, rtol=0, atol=1e-6)


def test_the_portrait_is_seen_once(model):
    calls = []
    hook = model.network.appearance_encoder.register_forward_hook(lambda *_: calls.append(1))
    video(chosen(model, frames_at_once=2), job())
    hook.remove()
    assert len(calls) == 1


def test_several_portraits_are_averaged_where_it_is_asked_for(model):
    two = Job("two", tuple(pictures(2)), speech(0.2))
    one = Job("one", tuple(pictures(2)[:1]), speech(0.2))
    assert video(model, two).equal(video(model, one))
    assert not video(chosen(model, references=2), two).equal(video(model, one))


def test_noise_is_the_same_in_all_frames_and_runs(model):
    for name, parameter in model.network.named_parameters():
        if name.endswith("noise.weight"):
            parameter.data.fill_(0.5)  # a fresh network takes no notice of noise
    still = job()
    still = Job("still", still.portraits, still.speech)
    calm = {"switches": ()}
    first = video(chosen(model, frames_at_once=3, **calm), still)
    torch.testing.assert_close(first, first[:1].expand(10, -1, -1, -1), rtol=0, atol=1e-5)
    assert video(chosen(model, frames_at_once=3, **calm), still).equal(first)
    others = [
        video(chosen(model, **choice, **calm), still)
        for choice in ({"noise_seed": 1}, {"noise": "buffer"}, {"noise": "none"})
    ]
    assert not any(torch.allclose(first, other, atol=1e-3) for other in others)


def test_pictures_of_other_sizes_are_brought_to_that_of_the_networks(model):
    large = Job("large", tuple(pictures(1, side=128)), speech(0.2))
    assert video(model, large).shape == (5, 3, 64, 64)
