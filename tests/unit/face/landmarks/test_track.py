"""A face followed through a clip, with finders that say what we tell them."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from talkingface.errors import DataError
from talkingface.face.landmarks import Box, Face, find_face, follow_face, landmark_track
from talkingface.face.pose.canonical import CANONICAL_FACE
from talkingface.face.pose.rigid import STILL_POINTS


def face(left=40.0, depth=None):
    grid = np.stack(np.meshgrid(np.arange(4), np.arange(17)), axis=-1).reshape(68, 2)
    points = (grid * (20, 5) + (left, 40)).astype(np.float32)
    return Face(Box(left, 40, left + 80, 120), points, "scripted", depth)


@dataclass
class ScriptedFinder:
    """Finds in the i-th picture it is shown what the script says."""

    script: list
    name: str = "scripted"

    def find(self, picture):
        return self.script[int(picture[0, 0, 0])]


def pictures(count):
    """Pictures that say their own number."""
    return (np.full((200, 200, 3), index, np.uint8) for index in range(count))


FIRST, SECOND = face(40), face(60)
GAPS = ScriptedFinder([[], [FIRST], [], [SECOND], []])


def test_a_frame_without_a_face_is_named_with_its_clip_and_what_can_be_done():
    with pytest.raises(DataError, match=r"^nod.mp4, frame 2: no face was found\. .*'hold'.*'pass'"):
        landmark_track(pictures(3), ScriptedFinder([[FIRST], [FIRST], []]), where="nod.mp4")


def test_a_face_at_the_edge_is_named_by_its_frame():
    at_the_edge = replace(FIRST, points=FIRST.points - 80)
    with pytest.raises(DataError, match="frame 1: the face is at the edge"):
        landmark_track(pictures(2), ScriptedFinder([[FIRST], [at_the_edge]]))


def test_held_frames_repeat_the_last_face_and_the_first_ones_the_first():
    track = landmark_track(pictures(5), GAPS, missing="hold")
    expected = [FIRST, FIRST, FIRST, SECOND, SECOND]
    np.testing.assert_array_equal(track.points, [one.points for one in expected])
    np.testing.assert_array_equal(track.boxes, [one.box for one in expected])
    np.testing.assert_array_equal(track.found, [False, True, False, True, False])
    assert track.found_by == "scripted"


def test_passed_frames_are_nan():
    track = landmark_track(pictures(5), GAPS, missing="pass")
    gone = np.isnan(track.points).all(axis=(1, 2))
    np.testing.assert_array_equal(gone, [True, False, True, False, True])
    np.testing.assert_array_equal(track.found, ~gone)
    np.testing.assert_array_equal(np.isnan(track.boxes).all(axis=1), gone)


def test_depth_is_kept_where_the_back_end_has_it():
    deep = face(40, depth=np.arange(68, dtype=np.float32))
    track = landmark_track(pictures(2), ScriptedFinder([[deep], []]), missing="pass")
    np.testing.assert_array_equal(track.depth[0], np.arange(68))
    assert np.isnan(track.depth[1]).all()
    assert landmark_track(pictures(2), ScriptedFinder([[FIRST], []]), missing="pass").depth is None


def test_faces_come_as_pictures_come():
    shown = []

    def watched():
        for index, picture in enumerate(pictures(5)):
            shown.append(index)
            yield picture

    faces = follow_face(watched(), GAPS, missing="hold")
    assert next(faces) is None
    assert next(faces) is FIRST
    assert shown == [0, 1]


def test_a_clip_without_any_face_says_so():
    empty = ScriptedFinder([[]] * 3)
    with pytest.raises(DataError, match="any of 3 frames"):
        landmark_track(pictures(3), empty, missing="hold")
    assert np.isnan(landmark_track(pictures(3), empty, missing="pass").points).all()


def test_a_picture_with_two_faces_names_the_file_and_the_faces():
    finder = ScriptedFinder([[FIRST, SECOND]])
    with pytest.raises(DataError, match=r"^me.jpg: 2 faces were found .* one alone is wanted\."):
        find_face(next(pictures(1)), finder, "only", where="me.jpg")


def test_a_followed_face_is_not_lost_to_a_larger_one():
    large = replace(face(0), box=Box(0, 0, 199, 199))
    finder = ScriptedFinder([[FIRST], [large, face(42)], [face(45), large]])
    track = landmark_track(pictures(3), finder, choice="tracked")
    np.testing.assert_array_equal(track.boxes[:, 0], [40, 42, 45])


def test_a_followed_face_is_found_again_after_frames_without_it():
    large = replace(face(0), box=Box(0, 0, 199, 199))
    finder = ScriptedFinder([[FIRST], [], [large, face(42)]])
    track = landmark_track(pictures(3), finder, choice="tracked", missing="pass")
    np.testing.assert_array_equal(track.boxes[:, 0], [40, np.nan, 42])


def test_landmarks_in_space_take_the_back_ends_depth_or_that_of_a_fitted_face():
    deep = face(40, depth=np.arange(68, dtype=np.float32))
    track = landmark_track(pictures(1), ScriptedFinder([[deep]]))
    np.testing.assert_array_equal(track.in_space()[0, :, 2], np.arange(68))
    real = replace(FIRST, points=CANONICAL_FACE[:, :2].astype(np.float32) - 40)
    fitted = landmark_track(pictures(1), ScriptedFinder([[real]])).in_space()
    depth = CANONICAL_FACE[:, 2] - CANONICAL_FACE[STILL_POINTS, 2].mean()
    np.testing.assert_allclose(fitted[0, :, 2], depth, atol=0.01)
