"""SyncNet's training: what an example holds, what it learns by, and that it learns."""

from fractions import Fraction

import numpy as np
import pytest
import torch

from talkingface.clip import Clip, FrameArray
from talkingface.errors import DataError, UsageError
from talkingface.job import Job
from talkingface.media.features.cepstrum import mfcc, sixteen_bit
from talkingface.media.features.windows import sync_windows
from talkingface.media.sound import SpeechArray
from talkingface.metrics.sync_embedding import SyncNetEmbedder
from talkingface.models.sync_net.config import SyncNetNetwork, SyncNetSettings
from talkingface.models.sync_net.losses import pairing_losses
from talkingface.models.sync_net.model import SyncNetModel, levels
from talkingface.models.sync_net.preparation import SyncNetPreparation
from talkingface.models.sync_net.wear import worn

NUM_FRAMES = 40
rng = np.random.default_rng(5)
WAVEFORM = (0.2 * rng.normal(0, 1, NUM_FRAMES * 640)).clip(-1, 1).astype(np.float32)


def clip(num_frames=NUM_FRAMES, fps=25, waveform=WAVEFORM):
    """Return a clip whose frame t is of the level t."""
    pictures = np.zeros((num_frames, 32, 32, 3), np.uint8)
    pictures += np.arange(num_frames, dtype=np.uint8)[:, None, None, None]
    return Clip("clip", FrameArray(pictures, Fraction(fps)), SpeechArray(waveform, 16000))


def small_model():
    settings = SyncNetSettings(
        "SyncNet", network=SyncNetNetwork(width=1, face_px=112), num_windows=4
    )
    return SyncNetModel(settings)


def test_the_loss_is_how_unlikely_the_right_pairs_are():
    video, sound = rng.normal(0, 1, (2, 6, 8))
    distances = np.array([[np.sqrt(((v - s) ** 2).sum()) for s in sound] for v in video])
    likely = np.exp(-distances)
    right = np.arange(6)
    by_video = -np.log((likely / likely.sum(axis=1, keepdims=True))[right, right]).mean()
    by_sound = -np.log((likely / likely.sum(axis=0, keepdims=True))[right, right]).mean()
    ours = pairing_losses(torch.from_numpy(video), torch.from_numpy(sound))
    # cdist goes by a product of matrices in float32
    assert float(ours["sound_of_video"]) == pytest.approx(by_video, rel=1e-5)
    assert float(ours["video_of_sound"]) == pytest.approx(by_sound, rel=1e-5)


def test_windows_of_a_batch_are_all_told_from_each_other():
    code = torch.eye(12) * 30
    assert float(pairing_losses(code, code)["sound_of_video"]) < 1e-6
    late_by_one = torch.roll(code, 1, dims=0)
    assert float(pairing_losses(code, late_by_one)["sound_of_video"]) > 30
    same = torch.zeros(12, 12)
    assert float(pairing_losses(same, same)["video_of_sound"]) == pytest.approx(np.log(12))


def test_an_example_sees_and_hears_what_the_metric_does_at_the_same_times():
    preparation = SyncNetPreparation(num_windows=6, face_px=32, worn_share=0.0)
    whole = sync_windows(mfcc(sixteen_bit(WAVEFORM)), NUM_FRAMES - 4)
    prepared = preparation.prepare(clip())
    seen = set()
    for seed in range(60):
        example = preparation.example(prepared, np.random.default_rng(seed))
        times = example["pictures"][..., 0, 0, 0]  # (6, 5)
        np.testing.assert_array_equal(times, times[:, :1] + np.arange(5))
        np.testing.assert_array_equal(example["sound"], whole[times[:, 0]])
        assert (np.diff(times[:, 0].astype(int)) > 0).all()
        seen |= set(times[:, 0])
    assert seen == set(range(NUM_FRAMES - 4))  # no window is left out


def test_the_windows_of_an_example_lie_within_two_seconds():
    noise = rng.uniform(-0.5, 0.5, 250 * 640).astype(np.float32)
    long = clip(num_frames=250, waveform=noise)
    preparation = SyncNetPreparation(num_windows=2, face_px=32, worn_share=0.0)
    whole = sync_windows(mfcc(sixteen_bit(noise)), 246)
    prepared, firsts = preparation.prepare(long), []
    for seed in range(20):
        example = preparation.example(prepared, np.random.default_rng(seed))
        times = example["pictures"][:, 0, 0, 0, 0].astype(int)
        np.testing.assert_array_equal(example["sound"], whole[times])
        assert 0 < times[1] - times[0] <= 45
        firsts.append(times[0])
    assert max(firsts) > 150  # anywhere in the clip


def test_a_microphone_changes_what_is_heard_and_not_when():
    plain, through = (SyncNetPreparation(36, 32, worn_share=share) for share in (0.0, 1.0))
    loudness = np.repeat(rng.uniform(0.02, 1, 4 * NUM_FRAMES), 160).astype(np.float32)
    prepared = plain.prepare(clip(waveform=WAVEFORM * loudness))
    for seed in range(5):
        clean, changed = (
            one.example(prepared, np.random.default_rng(seed))["sound"][::5, 0].ravel()
            for one in (plain, through)
        )  # loudness of rows of 10 ms
        assert np.abs(clean - changed).max() > 0.5
        lags = range(-4, 5)
        alike = [np.corrcoef(clean[8:-8], np.roll(changed, lag)[8:-8])[0, 1] for lag in lags]
        assert lags[int(np.argmax(alike))] == 0


@pytest.mark.parametrize(
    ("unfit", "reason"),
    [
        (clip(fps=30), "has 30"),
        (clip(num_frames=9), "has 9 frames with sound and an example 10 at least"),
        (clip(waveform=WAVEFORM[:3200]), "has 5 frames with sound"),
        (Clip("mute", clip().frames), "lacks frames or sound"),
    ],
    ids=["rate", "frames", "sound", "mute"],
)
def test_a_clip_that_gives_no_example_says_why(unfit, reason):
    with pytest.raises(DataError, match=reason):
        SyncNetPreparation(6, 32, 0.5).prepare(unfit)


def test_all_pictures_of_an_example_are_worn_alike():
    picture = rng.integers(0, 256, (1, 64, 64, 3), dtype=np.uint8)
    seen = worn(np.repeat(picture, 3, axis=0), np.random.default_rng(1))
    assert seen.shape == (3, 64, 64, 3)
    assert (seen == seen[:1]).all()


def test_what_is_in_the_middle_stays_near_it():
    picture = np.zeros((1, 64, 64, 3), np.uint8)
    picture[:, 28:36, 28:36] = 255
    for seed in range(30):
        seen = worn(picture, np.random.default_rng(seed))[0].astype(float).mean(axis=2)
        above = seen - seen.min()
        middle = [(above.sum(axis=axis) * np.arange(64)).sum() / above.sum() for axis in (1, 0)]
        assert np.abs(np.array(middle) - 31.5).max() < 0.05 * 64 + 1


def test_the_network_sees_windows_as_the_metric_shows_them():
    model = small_model().eval()
    windows = rng.integers(0, 256, (2, 3, 5, 112, 112, 3), dtype=np.uint8)
    ours = model.network.video(levels(torch.from_numpy(windows)))
    embedder = SyncNetEmbedder(model.network)
    theirs = np.concatenate([embedder.video(window) for clip in windows for window in clip])
    # float32, the same sums in another order
    np.testing.assert_allclose(ours.detach().numpy(), theirs, rtol=1e-4, atol=1e-4)


def test_it_begins_blind_to_brightness_and_loudness():
    network = small_model().network
    flat = torch.full((1, 3, 5, 112, 112), 200.0)
    bias = network.netcnnlip[0].bias[None, :, None, None, None]
    # Sums of 735 products of up to 200 times 0.04
    torch.testing.assert_close(
        network.netcnnlip[0](flat), bias.expand(1, -1, 1, 53, 53), atol=1e-2, rtol=0
    )
    assert float(network.netcnnaud[0].weight.detach().sum(dim=(1, 2, 3)).abs().max()) < 1e-6


def test_it_learns_which_sound_belongs_to_which_lips():
    torch.manual_seed(0)
    model = small_model()
    preparation = model.preparation
    loudness = np.repeat(rng.uniform(0.02, 1, NUM_FRAMES), 640)
    frames = np.zeros((NUM_FRAMES, 32, 32, 3), np.uint8)
    for frame, level in zip(frames, loudness[::640], strict=True):
        frame[8 : 8 + int(16 * level)] = 200  # a mouth as wide as speech is loud
    talking = Clip("c", FrameArray(frames), SpeechArray(WAVEFORM * loudness.astype("f4"), 16000))
    examples = [
        preparation.example(preparation.prepare(talking), np.random.default_rng(seed))
        for seed in range(4)
    ]
    batch = {
        name: torch.from_numpy(np.stack([one[name] for one in examples])) for name in examples[0]
    }
    optimizer = torch.optim.AdamW(model.parameters_of("sync"), lr=0.01)
    losses = []
    for _ in range(10):
        loss = sum(model.losses("sync", batch).values())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.8 * losses[0]


def test_it_makes_no_video():
    job = Job("portrait", (np.zeros((8, 8, 3), np.uint8),), SpeechArray(WAVEFORM, 16000))
    with pytest.raises(UsageError, match="SyncNet scores videos and makes none"):
        small_model().generate(job)
