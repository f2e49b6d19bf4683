"""Landmarks and motion of people: as they are known, or as they are found."""

from dataclasses import replace

import numpy as np
import pytest

from talkingface.clip import Clip
from talkingface.data.synth import factor_row, person, render
from talkingface.errors import DataError
from talkingface.face.align.crop import points_in
from talkingface.face.landmarks import Box, Face
from talkingface.face.pose.canonical import CANONICAL_FACE
from talkingface.face.pose.rigid import frontal, head_motions, posed
from talkingface.models.rhythmic_head_motion import seeing
from talkingface.models.rhythmic_head_motion.head_rules import turned
from talkingface.models.rhythmic_head_motion.seeing import (
    AS_IT_IS,
    fronts_seen,
    head_view,
    landmarks_of,
    landmarks_of_portrait,
    motions_seen,
)
from tests.unit.models.rhythmic_head_motion.people import job_of, talking_people

CLIP = talking_people()[0]
TURNS = np.radians([(0, 0, 0), (12, 3, -4), (-9, -6, 5), (4, 8, 0)])
HEADS = posed(CANONICAL_FACE[None], turned(np.zeros(6), TURNS)).astype(np.float32)


def knowing(**known: np.ndarray) -> Clip:
    return Clip("s", known={name: (lambda one=one: one) for name, one in known.items()})


class Finder:
    """Finds the heads in turn, whatever it is shown."""

    name = "in_turn"

    def __init__(self):
        self.seen = 0

    def find(self, picture):
        points = HEADS[self.seen, :, :2]
        self.seen += 1
        return [Face(Box.around(points), points, self.name)]


@pytest.fixture
def finder(monkeypatch: pytest.MonkeyPatch) -> Finder:
    found = Finder()
    monkeypatch.setattr(seeing, "_finder", lambda name: found)
    return found


def test_landmarks_that_are_known_are_not_looked_for(finder: Finder):
    known = landmarks_of(knowing(landmarks_3d=HEADS), "any")
    np.testing.assert_array_equal(known, HEADS)
    flat = landmarks_of(knowing(landmarks=HEADS[..., :2]), "any")
    np.testing.assert_array_equal(flat[..., :2], HEADS[..., :2])
    assert np.ptp(flat[..., 2]) > 40  # they have depth all the same
    assert finder.seen == 0


def test_landmarks_that_are_not_known_are_found_in_every_frame(finder: Finder):
    frames = replace(CLIP.frames, pictures=np.zeros((4, 256, 256, 3), np.uint8))
    found = landmarks_of(Clip("s", frames), "any")
    np.testing.assert_array_equal(found[..., :2], HEADS[..., :2])


def test_what_knows_neither_landmarks_nor_frames_says_how_they_are_made():
    with pytest.raises(DataError, match=r"s has neither landmarks nor frames .* `preprocess"):
        landmarks_of(Clip("s"), "any")


def test_landmarks_without_an_extent_are_those_of_the_frame_before():
    broken = HEADS.copy()
    broken[[0, 2]] = 100.0
    held = landmarks_of(knowing(landmarks_3d=broken), "any")
    np.testing.assert_array_equal(held, HEADS[[1, 1, 1, 3]])
    with pytest.raises(DataError, match="No frame has landmarks"):
        landmarks_of(knowing(landmarks_3d=np.full_like(HEADS, 3.0)), "any")


def test_the_authors_motion_and_landmarks_are_taken_as_they_are():
    motions = np.random.default_rng(0).normal(0, 0.1, (4, 6)).astype(np.float32)
    clip = knowing(landmarks_3d=HEADS, head_motion=motions, frontal_landmarks=HEADS + 1)
    assert head_view(clip, HEADS) is AS_IT_IS
    np.testing.assert_array_equal(motions_seen(clip, "any"), motions)
    fronts = posed(fronts_seen(clip, "any"), motions.astype(np.float64))
    # as the authors do: a quarter, a half, a quarter of the neighbours, and depth untouched
    smooth = HEADS[:-2] / 4 + HEADS[1:-1] / 2 + HEADS[2:] / 4
    np.testing.assert_allclose(fronts[1:-1, :, :2], smooth[..., :2], atol=1e-4)  # float32
    np.testing.assert_allclose(fronts[..., 2], HEADS[..., 2], atol=1e-4)


def test_frontal_landmarks_alone_are_enough_for_lips():
    np.testing.assert_array_equal(fronts_seen(knowing(frontal_landmarks=HEADS), "any"), HEADS)


def test_others_are_seen_in_a_view_of_head_and_shoulders():
    clip = knowing(landmarks_3d=0.3 * HEADS + 50)
    view = head_view(clip, 0.3 * HEADS + 50)
    seen = points_in(view, 0.3 * HEADS + 50)
    np.testing.assert_allclose(motions_seen(clip, "any"), head_motions(seen), atol=1e-5)
    still = knowing(landmarks_3d=np.repeat(HEADS[:1], 4, axis=0))
    view = head_view(still, HEADS[:1])
    expected = points_in(view, HEADS[:1])
    np.testing.assert_allclose(
        fronts_seen(still, "any"),
        frontal(expected, head_motions(expected)).repeat(4, axis=0),
        atol=1e-4,
    )


def test_another_view_can_be_asked_for():
    clip = knowing(landmarks_3d=HEADS)
    np.testing.assert_allclose(
        motions_seen(clip, "any", AS_IT_IS), head_motions(HEADS.astype(np.float64)), atol=1e-6
    )


def test_the_landmarks_of_a_portrait_are_those_of_its_clip_or_are_found(finder: Finder):
    job = job_of(CLIP)
    known = landmarks_of_portrait(job, "any")
    np.testing.assert_array_equal(known, CLIP.truth("landmarks_3d")[0])
    assert finder.seen == 0
    wide = np.zeros((256, 256, 3), np.uint8)
    found = landmarks_of_portrait(replace(job, portraits=(wide,), subject=None), "any")
    np.testing.assert_allclose(found[:, :2], HEADS[0, :, :2])


def test_a_face_turned_away_is_a_sentence(monkeypatch):
    away = posed(CANONICAL_FACE[None], turned(np.zeros(6), np.radians([(62, 0, 0)])))
    clip = knowing(landmarks_3d=away.astype(np.float32))
    job = replace(job_of(CLIP), subject=clip)
    with pytest.raises(DataError, match=r"turned by 62 degrees, .* by 50 degrees at most"):
        landmarks_of_portrait(job, "any")


def test_a_drawn_portrait_is_found_by_whoever_is_asked():
    picture = render(person(3), factor_row(), 224)
    job = replace(job_of(CLIP), portraits=(picture,), subject=None)
    found = landmarks_of_portrait(job, "synthtalk")
    assert found.shape == (68, 3)
    assert 60 < np.ptp(found[:, 0]) < 200
    blank = replace(job, portraits=(np.full((224, 224, 3), 90, np.uint8),))
    with pytest.raises(DataError, match=r"the portrait of clip-997000: no face was found"):
        landmarks_of_portrait(blank, "dlib")
