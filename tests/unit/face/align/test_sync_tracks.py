"""SyncNet's tracks and crops of raw video, by hand."""

import numpy as np
import pytest

from talkingface.face.align.sync_tracks import FaceTrack, TrackRule, face_tracks
from talkingface.face.landmarks import Box


def square(left, top=100, side=150):
    return Box(left, top, left + side, top + side)


def still(count):
    return [[square(300)] for _ in range(count)]


def test_a_face_in_101_frames_is_a_track_and_in_100_is_none():
    (track,) = face_tracks(still(101))
    assert (track.first_frame, len(track.boxes)) == (0, 101)
    assert face_tracks(still(100)) == []
    assert len(face_tracks(still(60), rule=TrackRule(min_boxes=51))) == 1


def test_two_people_are_two_tracks():
    boxes = [[square(10 + t), square(600 - t)] for t in range(120)]
    first, second = face_tracks(boxes)
    np.testing.assert_array_equal(first.boxes[:, 0], 10 + np.arange(120))
    np.testing.assert_array_equal(second.boxes[:, 0], 600 - np.arange(120))


def test_a_gap_of_24_frames_is_bridged_by_a_straight_line():
    boxes = [[square(100)]] * 60 + [[]] * 24 + [[square(140)]] * 60
    (track,) = face_tracks(boxes)
    np.testing.assert_allclose(track.boxes[59:85, 0], np.linspace(100, 140, 26))


def test_a_gap_of_25_frames_ends_a_track():
    boxes = [[square(100)]] * 60 + [[]] * 25 + [[square(100)]] * 60
    assert [t.first_frame for t in face_tracks(boxes, rule=TrackRule(min_boxes=50))] == [0, 85]


def test_a_jump_ends_a_track():
    boxes = [[square(100)]] * 110 + [[square(151)]] * 110  # overlap 99 / 201 of the area
    assert [t.first_frame for t in face_tracks(boxes)] == [0, 110]


def test_no_track_crosses_a_cut():
    tracks = face_tracks(still(220), shot_starts=[0, 110])
    assert [(t.first_frame, len(t.boxes)) for t in tracks] == [(0, 110), (110, 110)]


def test_a_small_face_is_no_track():
    assert face_tracks([[square(0, side=100)]] * 120) == []


def test_the_crop_is_2_8_half_sides_large_and_lower_than_the_face():
    track = FaceTrack(0, np.tile(np.array(square(300, 200, 100), float), (120, 1)))
    crop = track.crops()[60]
    # half a side is 50: 70 px to the left and right of x = 350, 50 px above and 90 below y = 250
    assert (crop.left, crop.right, crop.top, crop.bottom) == (280, 420, 200, 340)
    assert (crop.size, crop.border_level) == (224, 110)


def test_the_box_is_smoothed_by_a_median_of_13_with_zeros_beyond_the_ends():
    lefts = 300.0 + 2 * np.arange(40)
    lefts[20] += 80  # one wild frame
    boxes = np.array([square(left) for left in lefts])
    centres = [(crop.left + crop.right) / 2 for crop in FaceTrack(0, boxes).crops()]
    assert centres[20] == pytest.approx(lefts[20] - 80 + 75, abs=2.5)
    # at the first frame six of the 13 values are zeros, so the median is the least of the rest
    assert centres[0] == pytest.approx(lefts[0] + 75, abs=1)
    assert centres[39] == pytest.approx(lefts[33] + 75, abs=1)  # pulled down
