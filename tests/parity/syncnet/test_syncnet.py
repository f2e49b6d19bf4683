"""Our SyncNet against the authors': names, layers, features, and the score of a whole clip."""

import json
from fractions import Fraction

import numpy as np
import pytest
import torch

from talkingface.errors import CheckpointError
from talkingface.media.features.cepstrum import mfcc
from talkingface.metrics.base import ClipContext, Networks, Pair, View
from talkingface.metrics.lip_sync import LSEC, LSED, SyncOffset, sync_score
from talkingface.metrics.published import load_published
from talkingface.metrics.soft_aligned import AVSDTW
from talkingface.metrics.sync_embedding import SyncNetEmbedder
from talkingface.metrics.syncnet import SyncNet
from tests.parity.syncnet.inputs import GOLDEN, HERE, embeddings, filled, frames, waveform

FEATURES = np.load(HERE / "embeddings.npz")
OFFSETS = np.load(HERE / "offset.npz")
CLIP = np.load(HERE / "clip.npz")


@pytest.fixture(scope="module")
def network():
    return load_published(SyncNet(), filled("syncnet.json"), "SyncNet")


@pytest.fixture(scope="module")
def embedder(network):
    return SyncNetEmbedder(network)


def apart(ours, theirs):
    """Return the distance relative to the length of theirs, the largest of all rows."""
    return (np.linalg.norm(ours - theirs, axis=-1) / np.linalg.norm(theirs, axis=-1)).max()


def in_rgb(bgr):
    return np.ascontiguousarray(bgr[..., ::-1])


def test_names_shapes_and_their_order_are_those_of_the_published_file():
    rows = json.loads((HERE / "syncnet.json").read_text())
    ours = [(name, list(tensor.shape)) for name, tensor in SyncNet().state_dict().items()]
    assert ours == [(row["name"], row["shape"]) for row in rows]


def test_a_file_without_counts_of_batches_loads_and_any_other_gap_is_refused(network):
    state = {k: v for k, v in network.state_dict().items() if "num_batches" not in k}
    load_published(SyncNet(), state, "SyncNet")
    state.pop("netfclip.3.bias")
    with pytest.raises(CheckpointError, match=r"1 missing \(netfclip.3.bias\)"):
        load_published(SyncNet(), state, "SyncNet")


@torch.inference_mode()
@pytest.mark.parametrize("branch", ["video", "audio"])
def test_every_layer_gives_what_the_published_one_gives(network, branch):
    if branch == "video":
        window = torch.from_numpy(frames(12)[:5]).float()
        layers, x = network.netcnnlip, window.permute(3, 0, 1, 2)[None]
    else:
        layers, x = network.netcnnaud, torch.from_numpy(mfcc(waveform(32000))[:20].T).float()
        x = x[None, None]
    means, deviations = (FEATURES[f"{branch}_stage_{name}"] for name in ("mean", "std"))
    for index, layer in enumerate(layers):
        x = layer(x.clone())
        assert [index, *x.shape[1:]] == GOLDEN["embeddings"][f"{branch}_stages"][index]
        # float32 sums over up to a million values
        assert x.double().std().item() == pytest.approx(deviations[index], rel=1e-5)
        assert x.double().mean().item() == pytest.approx(means[index], abs=1e-5 * deviations[index])


@torch.inference_mode()
def test_the_plain_network_gives_the_published_features(network):
    windows = torch.from_numpy(frames(12)).float().permute(3, 0, 1, 2)[None, :, 2:7]
    ours = network.video(windows).numpy()
    assert apart(ours, FEATURES["video"][2:3]) < 2e-6  # float32, 8 layers
    before_the_head = network.netcnnlip(windows).flatten(1).numpy()
    assert apart(before_the_head, FEATURES["video_features"][2:3]) < 2e-6


def test_the_fast_network_gives_the_published_features(embedder):
    video = embedder.video(in_rgb(frames(12)))
    assert video.shape == FEATURES["video"].shape
    assert apart(video, FEATURES["video"]) < 1e-5  # float32 in another order of sums
    sound = embedder.sound(waveform(32000), 45)
    assert apart(sound[FEATURES["audio_windows"]], FEATURES["audio"]) < 1e-5
    np.testing.assert_allclose(sound.mean(axis=1), FEATURES["audio_mean"], atol=2e-5)
    np.testing.assert_allclose(sound.std(axis=1), FEATURES["audio_std"], rtol=2e-5)
    between = [np.linalg.norm(features[0] - features[1]) for features in (video, sound)]
    golden = GOLDEN["embeddings"]
    assert between[0] == pytest.approx(golden["between_windows_video"], rel=1e-5)
    assert between[1] == pytest.approx(golden["between_windows_audio"], rel=1e-5)


def test_sound_a_frame_later_is_that_of_the_next_window(embedder):
    later = embedder.sound(waveform(16000), 1, shift=4)  # rows of 10 ms
    assert apart(later, embedder.sound(waveform(16000), 2)[1:]) < 1e-5  # float32, in other batches


@pytest.mark.parametrize("case", ["plain", "late", "tight", "short", "narrow", "beyond"])
def test_offset_and_confidence_are_the_published_ones(case):
    golden = GOLDEN["offset"][case]
    video, sound = embeddings(
        golden["count"], golden["shift"], golden["noise"], f"syncnet.embedding.{case}"
    )
    score = sync_score(video, sound, golden["vshift"])
    assert score.offset == golden["offset"]
    # theirs adds up in float32
    assert score.distance == pytest.approx(golden["min_dist"], rel=1e-6)
    assert score.confidence == pytest.approx(golden["confidence"], rel=1e-5)
    np.testing.assert_allclose(score.mean_distances, OFFSETS[f"{case}_mdist"], rtol=1e-6)
    smooth = OFFSETS[f"{case}_frame_conf_smooth"]
    np.testing.assert_allclose(score.frame_confidences, smooth, atol=2e-5)


def test_features_that_never_change_still_get_a_confidence():
    golden = GOLDEN["offset"]["constant"]
    ones = np.ones((20, 1024), np.float32)
    score = sync_score(ones, ones)
    assert score.offset == golden["offset"]
    assert score.distance == pytest.approx(golden["min_dist"], rel=1e-6)
    assert score.confidence == pytest.approx(golden["confidence"], rel=1e-6)


class Sound:
    def __init__(self, samples):
        self._samples = samples
        self.seconds = len(samples) / 16000

    def read(self, sample_rate_hz):
        assert sample_rate_hz == 16000
        return self._samples.astype(np.float32) / 32768


def test_a_clip_of_frames_and_sound_gets_the_published_score(embedder):
    golden = GOLDEN["clip"]
    pictures = in_rgb(frames(golden["frames"], "syncnet.clip"))
    speech = Sound(waveform(golden["samples"], "syncnet.clip.wave"))
    clip = ClipContext(fps=Fraction(25), speech=speech)
    metrics = [LSED(embedder), LSEC(embedder), SyncOffset(embedder)]
    for start in range(0, len(pictures), 16):  # windows of the evaluator, the last one shorter
        view = View(pictures[start : start + 16])
        for metric in metrics:
            metric.update(Pair(view, view, clip))
    distance, confidence, offset = (metric.compute() for metric in metrics)
    assert offset == golden["offset"]
    assert distance == pytest.approx(golden["min_dist"], rel=1e-5)
    assert confidence == pytest.approx(golden["confidence"], abs=5e-3)  # 1e-5 of the median, 505
    score = metrics[0].score()
    assert len(score.frame_confidences) == golden["windows"]
    np.testing.assert_allclose(score.mean_distances, CLIP["mdist"], rtol=1e-5)
    np.testing.assert_allclose(score.frame_confidences, CLIP["frame_conf_smooth"], atol=5e-3)


def test_scores_of_one_evaluation_share_one_network_and_one_pass():
    networks = Networks({"syncnet": filled("syncnet.json")})
    first, second = (metric.maker(networks)() for metric in (LSED, AVSDTW))
    pictures = View(in_rgb(frames(7)))
    clip = ClipContext(speech=Sound(waveform(4480)))
    for metric in (first, second):
        metric.update(Pair(pictures, pictures, clip))
    assert first.features() is second.features()
