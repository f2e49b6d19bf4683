"""The scores by the SyncNet that comes with the toolkit."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from talkingface.clip import FrameArray
from talkingface.config.locations import demo_weights
from talkingface.media import SpeechArray, open_frames, open_speech
from talkingface.media.features.cepstrum import sixteen_bit
from talkingface.metrics import METRICS, PRESETS
from talkingface.metrics.base import ClipContext, MetricUnavailableError, Networks, Pair, View
from talkingface.metrics.lip_sync import LSEC, LSED, SyncOffset
from talkingface.metrics.sync_demo import DemoConfidence, DemoDistance, DemoOffset
from talkingface.models.sync_net.trials import Condition, delayed, drawn_clip
from talkingface.storage.weights import read_weights
from tests.filming import film

DEMO = (DemoDistance, DemoConfidence, DemoOffset)


@pytest.fixture(scope="module")
def clip():
    """Return a clip of two seconds that no training saw."""
    drawn = drawn_clip(0, Condition())
    return replace(drawn, frames=FrameArray(drawn.frames.read(0, len(drawn.frames))))


def scored(clip, frames_late, window=100, drawn=True):
    """Return distance, confidence and offset of a clip whose sound is late."""
    networks = Networks()
    metrics = [kind.maker(networks)() for kind in DEMO]
    speech = delayed(clip.speech, frames_late)
    context = ClipContext(fps=Fraction(25), speech=speech, drawn=drawn)
    for start in range(0, len(clip.frames), window):
        view = View(clip.frames.read(start, start + window))
        for metric in metrics:
            metric.update(Pair(view, view, context))
    return [metric.compute() for metric in metrics]


def test_a_shift_of_sound_moves_the_offset_by_as_much(clip):
    in_time, late = scored(clip, 0), scored(clip, 4)
    assert in_time[2] == 0
    assert late[2] == -4
    # 4 of 49 windows have lost their sound, and silence is twice as far
    assert late[0] == pytest.approx(in_time[0], rel=0.2)


def test_windows_of_the_evaluator_change_nothing(clip):
    assert scored(clip, 2, window=7) == pytest.approx(scored(clip, 2), rel=1e-4)


def test_a_lossless_file_changes_no_bit_and_a_common_one_no_offset(clip, tmp_path):
    levels = sixteen_bit(clip.speech.read(16_000)) / np.float32(32768)
    plain = replace(clip, speech=SpeechArray(levels))
    kept = film(
        tmp_path / "kept.mkv", clip.frames, "ffv1", "bgr0", sound=levels, sound_codec="flac"
    )
    assert scored(filmed(plain, kept), 0) == scored(plain, 0)
    sent = film(tmp_path / "sent.mp4", clip.frames, sound=levels)  # H.264 and AAC
    distance, _, offset = scored(filmed(plain, sent), 0)
    assert offset == 0
    # H.264 softens pictures of 112 px: the distance is 8 % less
    assert distance == pytest.approx(scored(plain, 0)[0], rel=0.1)


def filmed(clip, path):
    return replace(clip, frames=open_frames(path), speech=open_speech(path))


def test_another_persons_speech_has_little_confidence(clip):
    swapped = replace(clip, speech=drawn_clip(1, Condition()).speech)
    assert scored(swapped, 0)[1] < 0.5 * scored(clip, 0)[1]


def test_its_scores_are_never_called_as_the_published_ones():
    names = {spec.name: spec.metric for spec in METRICS}
    ours = {name for name, metric in names.items() if "sync_demo" in metric}
    assert ours == set(PRESETS["sync_demo"])
    assert all(name.startswith("sync_demo_") for name in ours)
    for kind, published in zip(DEMO, (LSED, LSEC, SyncOffset), strict=True):
        assert published.weights == ("syncnet",)
        assert kind.weights == ()


def test_its_settings_are_those_of_its_weights():
    sizes = read_weights(demo_weights("SyncNet"), model="SyncNet").header.architecture
    for kind in DEMO:
        side = f"{sizes['face_px']} px"
        assert kind.settings["network"] == f"SyncNet at {side}, {sizes['width']}/32 as wide"
        assert kind.settings["crop"].endswith(side)


def test_one_network_serves_all_three():
    networks = Networks()
    embedders = {id(kind.maker(networks)()._embedder) for kind in DEMO}
    assert len(embedders) == 1


def test_of_filmed_faces_it_says_nothing(clip):
    with pytest.raises(MetricUnavailableError, match=r"drawn faces alone.*download syncnet"):
        scored(clip, 0, drawn=False)


@pytest.mark.usefixtures("checkpoints")
def test_without_its_file_it_says_what_to_do():
    with pytest.raises(MetricUnavailableError, match=r"Get the file again, .*/demo/SyncNet\.yaml"):
        DemoOffset.maker(Networks())
