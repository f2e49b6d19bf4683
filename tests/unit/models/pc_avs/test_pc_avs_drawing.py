"""From a job to what the networks of PC_AVS are asked: how long, whose pose, which noise."""

import numpy as np
import pytest
import torch

from talkingface.clip import Clip, FrameArray
from talkingface.errors import DataError, UsageError
from talkingface.job import Control, Job
from talkingface.media import SpeechArray
from talkingface.models.pc_avs.config import PCAVSSettings
from talkingface.models.pc_avs.drawing import Poses, noise_of, shown_frames
from tests.narrow_pc_avs import narrow_pc_avs


def speech(num_samples: int) -> SpeechArray:
    chance = np.random.default_rng(0)
    return SpeechArray(chance.normal(0, 0.1, num_samples).astype(np.float32))


def greys(*levels: int) -> FrameArray:
    return FrameArray(np.stack([np.full((8, 8, 3), level, np.uint8) for level in levels]))


def job(control: Control | None = None, num_samples: int = 8000) -> Job:
    controls = {} if control is None else {"pose": control}
    return Job("job", tuple(greys(100)), speech(num_samples), controls)


class Seen:
    """Gives each picture the code of its level, and counts what it sees."""

    def __init__(self) -> None:
        self.num_pictures = 0

    def pose_codes(self, pictures):
        self.num_pictures += len(pictures)
        return ((pictures[:, :1, 0, 0] + 1) * 127.5).round()


def codes(control: Control | None, windows=((0, 4), (4, 8))) -> tuple[list[float], int]:
    seen = Seen()
    poses = Poses(seen, job(control), torch.full((1, 1), -1.0), 8)
    drawn = torch.cat([poses.at(range(*window)) for window in windows])
    return drawn[:, 0].tolist(), seen.num_pictures


def test_a_pose_video_goes_to_and_fro_and_each_picture_is_read_once() -> None:
    video = Control(Clip("nod", greys(0, 1, 2)))
    assert codes(video) == ([0, 1, 2, 2, 1, 0, 0, 1], 3)


def test_one_picture_holds_the_head_still_and_none_holds_it_as_the_portrait_does() -> None:
    assert codes(Control(Clip("still", greys(7)))) == ([7] * 8, 1)
    assert codes(None) == ([-1] * 8, 0)
    assert codes(Control(Clip("nod", greys(0, 1)), 0.0))[0] == [-1] * 8


def test_half_the_strength_goes_half_the_way() -> None:
    drawn, _ = codes(Control(Clip("still", greys(7)), 0.5))
    assert drawn == [3] * 8


def test_angles_are_refused_with_the_way_to_the_nearest_head() -> None:
    with pytest.raises(UsageError, match="--pose=VIDEO@20,0,0 takes the head of the video"):
        codes(Control((0.3, 0.0, 0.0)))


@pytest.mark.parametrize(
    ("num_samples", "corrected", "published"), [(32000, 50, 47), (8000, 12, 10), (1921, 3, 1)]
)
def test_corrected_timing_draws_every_frame_and_published_those_with_whole_windows(
    num_samples: int, corrected: int, published: int
) -> None:
    assert shown_frames(speech(num_samples), "corrected") == range(corrected)
    # Rows begin 70 ms before the sound, so two seconds are 51 frames there, and four are left out.
    assert shown_frames(speech(num_samples), "published") == range(2, published + 2)


@pytest.mark.parametrize("sync", ["corrected", "published"])
def test_speech_shorter_than_a_window_is_a_sentence(sync) -> None:
    with pytest.raises(DataError, match=r"lasts 0.12 s, less than the window of sound"):
        shown_frames(speech(1920), sync)


@pytest.mark.parametrize("sync", ["corrected", "published"])
def test_as_many_frames_are_drawn_as_are_promised(sync) -> None:
    model, given = narrow_pc_avs(sync=sync, frames_at_once=3), job(num_samples=5000)
    with torch.inference_mode():
        windows = list(model.generate(given))
    assert [len(window) for window in windows[:-1]] == [3] * (len(windows) - 1)
    assert sum(map(len, windows)) == model.num_frames(given)
    assert windows[0].shape[1:] == (3, 112, 112)


def test_portraits_are_counted_for_each_job_and_it_is_said_when_some_are_left_out(caplog) -> None:
    """In the authors' program a folder with fewer pictures lowered the count for all after it."""
    caplog.set_level("INFO")
    seen = []
    model = narrow_pc_avs(references=2)
    model.network.identity_encoder.register_forward_pre_hook(
        lambda module, given: seen.append(given[0].shape[1])
    )
    for count in (3, 1, 2):
        portraits = tuple(greys(*range(count)))
        with torch.inference_mode():
            next(model.generate(Job("job", portraits, speech(2000))))
    assert seen == [2, 1, 2]
    (said,) = caplog.messages
    assert said == "job: 2 of 3 portraits give the identity; --model.references=3 takes all."


def noise(choice: str, seed: int = 0):
    generator = narrow_pc_avs().network.generator
    settings = PCAVSSettings(noise=choice, noise_seed=seed)
    drawn = noise_of(generator, settings, torch.device("cpu"))
    return drawn(2), drawn(2), generator


def test_fixed_noise_is_one_map_for_all_frames_and_follows_the_seed() -> None:
    first, second, generator = noise("fixed")
    assert [one.shape for one in first] == [(1, 1, side, side) for side in generator.noise_sizes]
    assert all(torch.equal(one, two) for one, two in zip(first, second, strict=True))
    assert all(map(torch.equal, first, noise("fixed")[0]))
    assert not torch.equal(first[0], noise("fixed", seed=1)[0][0])


def test_random_noise_is_another_map_for_each_frame() -> None:
    first, second, _ = noise("random")
    assert first[0].shape[0] == 2
    maps = [*first[0], *second[0]]
    assert all(not torch.equal(maps[0], other) for other in maps[1:])
    assert torch.equal(first[0], noise("random")[0][0])  # and yet the same in every run


def test_kept_noise_is_that_of_the_weights_and_none_is_none() -> None:
    kept, _, generator = noise("buffer")
    assert all(map(torch.equal, kept, generator.kept_noise()))
    assert noise("none")[0] is None


def drawn(given: Job, **choices) -> torch.Tensor:
    """Return the frames of a job, in which noise and poses are to be seen."""
    model = narrow_pc_avs(**choices)
    for name, parameter in model.named_parameters():
        if name.endswith("noise.weight"):
            torch.nn.init.ones_(parameter)
    # An untrained encoder hardly sees that pictures differ.
    model.network.pose_codes = lambda pictures: pictures[:, 0, 0, :4]
    with torch.inference_mode():
        return torch.cat(list(model.generate(given)))


@pytest.mark.parametrize("choice", ["fixed", "random", "buffer", "none"])
def test_it_does_not_matter_how_many_frames_are_drawn_together(choice: str) -> None:
    given = job(Control(Clip("nod", greys(0, 90, 180))), num_samples=3000)
    one_by_one = drawn(given, noise=choice, frames_at_once=1)
    for together in (2, 16):
        frames = drawn(given, noise=choice, frames_at_once=together)
        # convolutions of other batches add up in another order: float32
        torch.testing.assert_close(frames, one_by_one, atol=1e-4, rtol=0)
    assert (one_by_one[0] - one_by_one[1]).abs().max() > 1e-3  # there is an order to lose


def heard(monkeypatch, samples: np.ndarray, **choices) -> torch.Tensor:
    """Return the mel windows (T, 80, 20) from which the mouths of a video are drawn."""
    model, windows = narrow_pc_avs(**choices), []
    codes_of = model.network.mouth_codes
    monkeypatch.setattr(
        model.network, "mouth_codes", lambda mels: (windows.append(mels), codes_of(mels))[1]
    )
    given = Job("job", tuple(greys(100)), SpeechArray(samples.astype(np.float32)))
    with torch.inference_mode():
        list(model.generate(given))
    silence, *spoken = windows
    assert not silence.any()
    return torch.cat(spoken)


def test_corrected_lips_move_with_the_sound_and_published_ones_two_frames_before(
    monkeypatch,
) -> None:
    """A click at 0.6 s belongs to frame 15; the transform itself is late by most of a frame."""
    click = np.zeros(16_000)
    click[9600:9760] = 0.5
    corrected = heard(monkeypatch, click)
    published = heard(monkeypatch, click, sync="published")
    assert (len(corrected), len(published)) == (25, 22)
    assert torch.equal(published, corrected[2:24])
    loud = corrected[..., 8:12].mean(dim=(1, 2))  # the four rows of the frame itself
    middle = float((loud * torch.arange(25)).sum() / loud.sum())
    assert 15 <= middle < 16
    assert torch.equal(corrected[0, :, :8], corrected[0, :, :1].expand(-1, 8))  # before the sound


def mouths_told(strength: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the mouth codes that a video is drawn with, and the one of silence."""
    model, told = narrow_pc_avs(), []
    draw = model.network.draw
    model.network.draw = lambda *given: (told.append(given[1]), draw(*given))[1]
    given = Job("job", tuple(greys(100)), speech(3000), {"lip": Control(None, strength)})
    with torch.inference_mode():
        list(model.generate(given))
        return torch.cat(told), model.network.mouth_codes(torch.zeros(1, 80, 20))


def test_lips_follow_as_strongly_as_is_asked() -> None:
    shut, silence = mouths_told(0.0)
    half, _ = mouths_told(0.5)
    whole, _ = mouths_told(1.0)
    torch.testing.assert_close(shut, silence.expand_as(shut))
    torch.testing.assert_close(half, (silence + whole) / 2)
    assert (whole - silence).abs().max() > 1e-3
