"""Laws of the lip sync scores, with features that tell the time plainly.

SyncNet itself is held against its authors' in tests/parity.
"""

from fractions import Fraction

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

from talkingface.clip import FrameArray
from talkingface.errors import DataError
from talkingface.face.align.sync_tracks import TrackRule
from talkingface.face.landmarks import Box, Face
from talkingface.media.sound import SpeechArray
from talkingface.metrics.base import ClipContext, MetricUnavailableError, Pair, View
from talkingface.metrics.lip_sync import (
    LSEC,
    LSED,
    ROW_SHIFTS,
    SyncOffset,
    clip_features,
    fine_offset,
    sync_score,
)
from talkingface.metrics.sync_embedding import VideoTrack
from talkingface.metrics.sync_video import score_tracks, score_whole_frames

rng = np.random.default_rng(11)
NUM_FRAMES = 120
SAMPLES = 640  # in a frame
# Loudness of each sample: smooth over 80 ms, different everywhere
LOUDNESS = gaussian_filter1d(rng.normal(0, 1, NUM_FRAMES * SAMPLES), 1280)
LOUDNESS = 127 + 100 * LOUDNESS / np.abs(LOUDNESS).max()


class Clock:
    """Embeds the mean brightness of frames, and the mean of the sound's samples beside them."""

    face_px = 224

    def __init__(self):
        self.num_seen = 0

    def video(self, frames):
        self.num_seen += len(frames)
        levels = frames.mean(axis=(1, 2, 3))
        return np.array([[levels[v : v + 5].mean()] for v in range(len(frames) - 4)], "f4")

    def sound(self, samples, num_windows, shift=0):
        starts = [SAMPLES * v + 160 * shift for v in range(num_windows)]
        beyond = np.pad(samples.astype(np.float64), 3200, mode="edge")
        heard = [beyond[3200 + start : 3200 + start + 5 * SAMPLES].mean() for start in starts]
        return np.array(heard, "f4")[:, None] / 100


def video(num_frames=NUM_FRAMES, size=224):
    levels = LOUDNESS.reshape(-1, SAMPLES).mean(axis=1)[:num_frames]
    # A frame of two levels holds fractions of one, for pictures are whole numbers
    frames = np.repeat(levels[:, None] + np.linspace(0, 1, size, endpoint=False), 1, axis=1)
    frames = np.floor(frames).astype(np.uint8)[:, None, :, None]
    return np.ascontiguousarray(np.broadcast_to(frames, (num_frames, size, size, 3)))


def sound(delay_samples=0):
    return np.roll(LOUDNESS * 100, delay_samples).astype(np.int16)


def speech(delay_samples=0):
    return SpeechArray(sound(delay_samples).astype(np.float32) / 32768, 16000)


def features(count, seed=0):
    return np.random.default_rng(seed).normal(0, 1, (count, 32)).astype(np.float32)


@pytest.mark.parametrize("shift", [-15, -4, 0, 1, 15])
def test_sound_like_later_video_has_a_positive_offset(shift):
    both = features(100)
    assert sync_score(both[20:80], both[20 + shift : 80 + shift]).offset == shift


def test_equal_features_are_as_near_as_the_tiny_number_allows():
    score = sync_score(features(40), features(40))
    assert (score.offset, score.distance) == (0, pytest.approx(1e-6 * np.sqrt(32)))
    assert score.distance_unshifted == score.distance


def test_distances_are_those_of_a_plain_loop():
    ours = sync_score(features(12), features(12, seed=1), most_shift=3)
    for column in range(7):
        costs = []
        for v, one in enumerate(features(12)):
            index = v + column - 3
            other = features(12, seed=1)[index] if 0 <= index < 12 else np.zeros(32)
            costs.append(np.sqrt(((one - other + 1e-6) ** 2).sum()))
        assert ours.mean_distances[column] == pytest.approx(np.mean(costs))


def test_shuffled_sound_lowers_the_confidence():
    both = features(60)
    shuffled = rng.permutation(both)
    assert sync_score(both, shuffled).confidence < 0.3 * sync_score(both, both).confidence


def test_a_common_vector_changes_nothing_but_the_padded_part():
    one, other = features(60), features(60, seed=1)
    plain, moved = sync_score(one, other), sync_score(one + 3, other + 3)
    assert moved.mean_distances[15] == pytest.approx(plain.mean_distances[15], rel=1e-6)
    assert moved.mean_distances[0] > plain.mean_distances[0]


@pytest.mark.parametrize("frames_late", [-15, -3, 0, 2, 15])
def test_delaying_the_sound_moves_the_offset_by_as_many_frames(frames_late):
    scores = {0: whole_score(0), frames_late: whole_score(frames_late * SAMPLES)}
    assert scores[0].offset == 0
    assert scores[frames_late].offset == -frames_late


def whole_score(delay_samples, shift=0):
    clock = Clock()
    features = clip_features(clock.video(video()), sound(delay_samples), clock, NUM_FRAMES, shift)
    return sync_score(*features)


def test_a_delay_of_an_mp3_encoder_is_found_to_a_quarter_of_a_frame():
    scores = {shift: whole_score(1105, shift) for shift in ROW_SHIFTS}
    assert fine_offset(scores) == -1.75  # 1105 samples are 1.73 frames


def fed(metrics, window, delay_samples=0):
    clip = ClipContext(fps=Fraction(25), speech=speech(delay_samples))
    pictures = video()
    for start in range(0, len(pictures), window):
        view = View(pictures[start : start + window])
        for metric in metrics:
            metric.update(Pair(view, view, clip))
    return metrics


@pytest.mark.parametrize("window", [1, 3, 50])
def test_windows_of_the_evaluator_change_nothing(window):
    in_parts = fed([LSED(Clock()), LSEC(Clock()), SyncOffset(Clock())], window, 1280)
    whole = whole_score(1280)
    ours = [metric.compute() for metric in in_parts]
    assert ours == pytest.approx([whole.distance, whole.confidence, whole.offset], rel=1e-5)


def test_the_three_scores_share_one_pass_over_the_video():
    clock = Clock()
    fed([LSED(clock), LSEC(clock), SyncOffset(clock)], 40)
    assert clock.num_seen == NUM_FRAMES + 2 * 4  # four frames are seen again at each border


def test_the_spread_within_20_ms_stands_beside_the_distance():
    (metric,) = fed([LSED(Clock())], 40, delay_samples=320)
    facts = metric.facts()
    assert facts["num_windows"] == NUM_FRAMES - 5
    distances = [metric.score(shift).distance for shift in ROW_SHIFTS]
    assert facts["least_within_20_ms"] == min(distances) < metric.compute()
    assert facts["spread_within_20_ms"] == pytest.approx(np.ptp(distances))
    assert facts["fine_offset"] == -0.5


def test_a_clip_of_five_frames_has_no_score():
    metric = LSED(Clock())
    view = View(video(5))
    metric.update(Pair(view, view, ClipContext(speech=speech())))
    assert np.isnan(metric.compute())
    assert metric.facts() == {"num_windows": 0}


def test_without_sound_or_at_another_rate_lip_sync_is_unavailable():
    view = View(video(5))
    with pytest.raises(MetricUnavailableError, match="no sound"):
        LSED(Clock()).update(Pair(view, view, ClipContext()))
    with pytest.raises(MetricUnavailableError, match="this clip has 30"):
        LSED(Clock()).update(Pair(view, view, ClipContext(fps=Fraction(30), speech=speech())))


def test_frames_of_another_size_are_squeezed():
    track = VideoTrack(Clock())
    track.take(View(video(12, size=112)))
    np.testing.assert_allclose(track.features(), Clock().video(video(12)), atol=0.5)


def test_a_picture_that_stands_still_is_seen_once():
    still = np.repeat(video(1), 12, axis=0)
    embedder = Clock()
    track = VideoTrack(embedder)
    for part in (still[:7], still[7:], video(9)[3:]):
        track.take(View(part))
    whole = np.concatenate([still, video(9)[3:]])
    np.testing.assert_array_equal(track.features(), Clock().video(whole))
    assert embedder.num_seen == 5 + 5 + (4 + 6)  # one window of each still part, all of what moves


def test_a_picture_that_stands_still_but_for_its_first_frame_is_seen_whole():
    frames = np.concatenate([video(2)[1:], np.repeat(video(1), 8, axis=0)])
    track = VideoTrack(Clock())
    track.take(View(frames))
    np.testing.assert_array_equal(track.features(), Clock().video(frames))


class KnownFace:
    name = "known"

    def find(self, picture):
        box = Box(60, 60, 180, 180)
        return [Face(box, np.zeros((68, 2), np.float32), self.name)]


def test_a_whole_video_is_scored_frame_by_frame_or_face_by_face():
    frames = FrameArray(video(), fps=Fraction(25))
    whole = score_whole_frames(frames, speech(2 * SAMPLES), Clock())
    assert whole.offset == -2
    (track,) = score_tracks(frames, speech(2 * SAMPLES), Clock(), KnownFace())
    assert (track.first_frame, track.num_frames) == (0, NUM_FRAMES)
    assert track.score.offset == -2
    assert score_tracks(frames, speech(), Clock(), KnownFace(), TrackRule(min_boxes=200)) == []


def test_a_raw_video_at_another_rate_is_refused():
    frames = FrameArray(video(8), fps=Fraction(30))
    with pytest.raises(DataError, match="this video has 30"):
        score_tracks(frames, speech(), Clock(), KnownFace())
