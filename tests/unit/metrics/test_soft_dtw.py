"""Laws of Soft-DTW and of the scores made with it. Values are held against goldens in parity."""

import math
from functools import cache

import numpy as np
import pytest

from talkingface.metrics.base import ClipContext, Pair, View
from talkingface.metrics.landmark_distance import LMD
from talkingface.metrics.soft_aligned import (
    AVSDTW,
    BAND,
    CSIMSDTW,
    LMDSDTW,
    SyncSDTW,
    align_tracks,
    euclidean,
    frame_wise,
)
from talkingface.metrics.soft_dtw import align, paced

rng = np.random.default_rng(4)
COSTS = rng.random((9, 9)) + 0.1
GAMMAS = [0.0, 0.01, 0.3, 5.0]


def aligned(costs, gamma, band=None):
    times = paced(*costs.shape)
    return align(lambda rows, columns: costs[rows, columns], *times, gamma=gamma, band=band)


@cache
def num_paths(rows, columns):
    if rows == 0 or columns == 0:
        return 1
    return sum(
        num_paths(*to) for to in ((rows - 1, columns), (rows, columns - 1), (rows - 1, columns - 1))
    )


@pytest.mark.parametrize("gamma", GAMMAS)
def test_a_band_of_no_frames_is_the_frame_wise_mean(gamma):
    rigid = aligned(COSTS, gamma, band=0)
    assert rigid.total == pytest.approx(np.trace(COSTS), rel=1e-12)
    assert rigid.mean_cost == pytest.approx(np.diag(COSTS).mean(), rel=1e-12)
    assert rigid.lag == rigid.reach == 0
    np.testing.assert_allclose(rigid.matrix(9), np.eye(9), atol=1e-12)


@pytest.mark.parametrize("shape", [(5, 6), (9, 9)])
@pytest.mark.parametrize("gamma", GAMMAS[1:])
def test_the_total_lies_between_the_best_path_and_that_less_the_paths(gamma, shape):
    costs = COSTS[: shape[0], : shape[1]]
    hard, soft = aligned(costs, 0).total, aligned(costs, gamma).total
    room = gamma * math.log(num_paths(shape[0] - 1, shape[1] - 1))
    assert hard - room - 1e-12 <= soft <= hard
    assert num_paths(4, 5) == 681  # as tslearn's authors count them


def test_the_total_falls_as_gamma_or_the_band_grows():
    by_gamma = [aligned(COSTS, gamma).total for gamma in GAMMAS]
    by_band = [aligned(COSTS, 0.3, band).total for band in (0, 1, 2, 5, None)]
    assert by_gamma == sorted(by_gamma, reverse=True)
    assert by_band == sorted(by_band, reverse=True)


@pytest.mark.parametrize("gamma", GAMMAS)
def test_swapping_both_sequences_or_turning_both_round_changes_nothing(gamma):
    plain = aligned(COSTS[:6], gamma, band=3)
    swapped = aligned(COSTS[:6].T, gamma, band=None)
    free = aligned(COSTS[:6], gamma)
    assert swapped.total == pytest.approx(free.total, rel=1e-12)
    assert aligned(COSTS[:6][::-1, ::-1], gamma, 3).total == pytest.approx(plain.total, rel=1e-12)
    if gamma:  # a best path may have equals
        np.testing.assert_allclose(swapped.matrix(6), free.matrix(9).T, atol=1e-12)


def test_the_unit_of_the_costs_does_not_matter_if_gamma_has_it_too():
    assert aligned(7 * COSTS, 7 * 0.3).total == pytest.approx(7 * aligned(COSTS, 0.3).total)


@pytest.mark.parametrize("gamma", GAMMAS)
def test_every_row_and_column_is_on_the_way(gamma):
    full = aligned(COSTS[:6], gamma).matrix(9)
    assert full[0, 0] == pytest.approx(1)
    assert full[-1, -1] == pytest.approx(1)
    assert min(full.sum(axis=0).min(), full.sum(axis=1).min()) >= 1 - 1e-12
    assert 9 - 1e-9 <= full.sum() <= 6 + 9 - 1


def test_the_expected_alignment_is_the_slope_of_the_total():
    step = 1e-6
    ours = aligned(COSTS[:4, :5], 0.3).matrix(5)
    for row, column in np.ndindex(4, 5):
        nudge = np.zeros((4, 5))
        nudge[row, column] = step
        up, down = (aligned(COSTS[:4, :5] + sign * nudge, 0.3).total for sign in (1, -1))
        # central differences lose digits: 1e-16 / 1e-6
        assert (up - down) / (2 * step) == pytest.approx(ours[row, column], abs=1e-8)


def test_a_sequence_with_every_frame_doubled_costs_nothing():
    track = rng.normal(size=(7, 3))
    costs = np.linalg.norm(track[:, None] - np.repeat(track, 2, axis=0)[None], axis=2)
    assert aligned(costs, 0).total == 0


def smooth(num_frames, width=6):
    steps = rng.normal(size=(num_frames, width))
    return np.array([steps[max(0, t - 4) : t + 1].sum(axis=0) for t in range(num_frames)])


def delayed(track, frames):
    return track[np.maximum(np.arange(len(track)) - frames, 0)]


def test_a_delay_within_the_band_is_forgiven_and_shows_as_lag():
    track = smooth(120)
    for frames in (2, BAND):
        late = align_tracks(track, delayed(track, frames), euclidean, 0.05)
        assert late.mean_cost < 0.1 * frame_wise(track, delayed(track, frames), euclidean)
        assert late.lag == pytest.approx(frames, abs=0.25)  # it begins and ends at lag 0
        assert late.reach == frames
    beyond = align_tracks(track, delayed(track, BAND + 3), euclidean, 0.05)
    assert beyond.mean_cost > 5 * late.mean_cost


def test_frames_without_a_face_leave_a_gap_in_time():
    track = smooth(60)
    holes = track.copy()
    holes[20:23] = np.nan
    ours = align_tracks(track, holes, euclidean, 0.05)
    assert ours.absolute_lag < 0.1
    assert ours.mean_cost < 0.1 * frame_wise(track, delayed(track, 2), euclidean)
    assert frame_wise(track, holes, euclidean) == 0
    assert align_tracks(track, np.full_like(track, np.nan), euclidean, 0.05) is None


def test_frame_wise_a_longer_track_is_compared_as_far_as_the_shorter_goes():
    track = smooth(20)
    for one, other in ((track, track[:15] + 1), (track[:15] + 1, track)):
        assert frame_wise(one, other, euclidean) == pytest.approx(math.sqrt(6))  # of width 6


def test_a_hole_that_no_path_can_cross_leaves_no_score():
    track = smooth(60)
    only_start, only_end = track.copy(), track.copy()
    only_start[20:], only_end[:40] = np.nan, np.nan
    assert np.isnan(align_tracks(only_start, only_end, euclidean, 0.05).mean_cost)


def mouths(delay=0):
    points = rng.normal(100, 20, (1, 68, 2)) + smooth(40, 136).reshape(40, 68, 2)
    return points, delayed(points, delay)


def fed(metrics, real, generated, window):
    frames = np.zeros((len(real), 224, 224, 3), np.uint8)
    clip = ClipContext()
    for start in range(0, len(real), window):
        part = slice(start, start + window)
        sides = [
            View(frames[part], {"landmarks": lambda p=points[part]: p})
            for points in (generated, real)
        ]
        for metric in metrics:
            metric.update(Pair(*sides, clip))
    return metrics


def test_the_score_of_mouths_stands_beside_the_frame_wise_one():
    real, late = mouths(delay=2)
    soft, rigid = fed([LMDSDTW(), LMD()], real, late, window=16)
    facts = soft.facts()
    assert facts["frame_wise"] == pytest.approx(rigid.compute(), rel=1e-12)
    assert soft.compute() < 0.3 * rigid.compute()
    assert facts["lag"] == pytest.approx(2, abs=0.5)
    (parts,) = fed([LMDSDTW()], real, late, window=7)
    assert parts.compute() == pytest.approx(soft.compute(), rel=1e-12)


def by_landmarks(view):
    return view.read("landmarks").reshape(len(view.frames), -1)


class ByPoint:
    """Embeds frames by where they are in a known track: features are the track itself."""

    face_px = 224

    def video(self, frames):
        return frames[: len(frames) - 4, 0, 0].astype(np.float32)

    def sound(self, samples, num_windows, shift=0):
        return np.full((num_windows, 3), 7, np.float32)


def test_the_likeness_of_faces_is_one_for_the_same_face():
    real, _ = mouths()
    (metric,) = fed([CSIMSDTW(by_landmarks)], real, real, window=9)
    assert metric.compute() == pytest.approx(1, abs=1e-3)  # a soft path sees neighbours too


class Silence:
    seconds = 2.0

    def read(self, sample_rate_hz):
        return np.zeros(2 * sample_rate_hz, np.float32)


def test_features_of_videos_and_sound_are_aligned():
    frames = np.cumsum(rng.integers(0, 5, (40, 224, 224, 3)), axis=0).astype(np.uint8)
    clip = ClipContext(speech=Silence())
    same, heard = SyncSDTW(ByPoint()), AVSDTW(ByPoint())
    view = View(frames)
    for metric in (same, heard):
        assert np.isnan(metric.compute())
        metric.update(Pair(view, view, clip))
    assert same.compute() < 0.1
    assert same.facts()["num_frames"] == 36
    video = frames[:35, 0, 0].astype(np.float64)
    assert heard.facts()["frame_wise"] == pytest.approx(np.linalg.norm(video - 7, axis=1).mean())


def test_video_that_comes_after_its_sound_has_a_positive_lag():
    pixels = 60 + 8 * smooth(40, width=3)
    frames = np.broadcast_to(pixels[:, None, None], (40, 224, 224, 3)).astype(np.uint8)

    class Ahead(ByPoint):
        def sound(self, samples, num_windows, shift=0):
            return frames[2 : 2 + num_windows, 0, 0].astype(np.float32)

    metric = AVSDTW(Ahead())
    metric.update(Pair(View(frames), View(frames), ClipContext(speech=Silence())))
    assert metric.facts()["lag"] == pytest.approx(2, abs=0.5)
