"""Who is to be seen: which pictures are references, and where their faces are."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from talkingface.clip import Clip, FrameArray
from talkingface.errors import DataError
from talkingface.face.align.crop import points_in
from talkingface.face.pose.canonical import CANONICAL_FACE
from talkingface.face.pose.rigid import head_motions, most_frontal, posed
from talkingface.models.rhythmic_head_motion import sitting
from talkingface.models.rhythmic_head_motion.head_rules import turned
from talkingface.models.rhythmic_head_motion.references import mouth_measures
from talkingface.models.rhythmic_head_motion.sitting import Sitter
from tests.unit.models.rhythmic_head_motion.people import PX, job_of, talking_people
from tests.unit.models.rhythmic_head_motion.rhythmic_tiny import settings

CLIP = talking_people()[0]
POINTS = CLIP.truth("landmarks_3d").astype(np.float64)
JOB = job_of(CLIP)


def sitter(job=JOB, **changes) -> Sitter:
    return Sitter.of(job, settings(**changes))


def frames_of(who: Sitter) -> list[int]:
    """Return which frame of the clip each reference is."""
    distances = [np.abs(POINTS - one.landmarks).max(axis=(1, 2)).argmin() for one in who.references]
    return [int(one) for one in distances]


def test_the_first_frame_is_every_reference_unless_others_are_named():
    assert frames_of(sitter(references=4)) == [0, 0, 0, 0]
    assert frames_of(sitter(references=4, reference_frames=(3, 20))) == [3, 20, 3, 20]
    with pytest.raises(DataError, match="2 references cannot be repeated to 3"):
        sitter(references=3, reference_frames=(3, 20))
    with pytest.raises(DataError, match=r"has the frames 0 to 31, and .* names 40"):
        sitter(reference_frames=(0, 40))


def test_the_most_open_mouths_can_be_references():
    expected = np.argsort(mouth_measures(POINTS))[:2].tolist()
    assert frames_of(sitter(reference_choice="most_open")) == expected


def test_the_first_reference_acts_and_the_most_frontal_is_rendered():
    named = (5, 9, 14, 25)
    who = sitter(references=4, reference_frames=named)
    motions = head_motions(POINTS[list(named)])
    np.testing.assert_allclose(who.motions, motions)
    assert frames_of(replace(who, references=[who.key])) == [named[most_frontal(motions)]]
    np.testing.assert_allclose(who.face.landmarks, points_in(who.face.view, POINTS[5]))
    # from the view in which it acts back to the network's pictures
    np.testing.assert_allclose(who.placing.points(who.face.landmarks), POINTS[5], atol=1e-9)


def test_a_still_head_has_one_reference_that_looks_ahead():
    who = sitter(references=2, reference_frames=(5, 9), head_motion="still")
    frontal = (5, 9)[most_frontal(head_motions(POINTS[[5, 9]]))]
    assert frames_of(who) == [frontal, frontal]


def test_references_come_to_the_networks_size_as_published():
    who = sitter(image_px=32)
    first = Image.fromarray(CLIP.frames.pictures[0]).resize((32, 32), Image.Resampling.BICUBIC)
    np.testing.assert_array_equal(who.references[0].picture, np.asarray(first))
    # a pixel is a square whose centre stands half a pixel in
    expected = (POINTS[0, :, :2] + 0.5) / 2 - 0.5
    np.testing.assert_allclose(who.references[0].landmarks[:, :2], expected, atol=1e-9)
    np.testing.assert_allclose(who.placing.points(who.face.landmarks)[:, :2], expected, atol=1e-9)


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let every picture show a face, half as large as it is, and note where it was sought."""
    asked: list[str] = []

    def landmarks_in(picture, back_end, where):
        asked.append(where)
        return CANONICAL_FACE * (len(picture) / 256)

    monkeypatch.setattr(sitting, "landmarks_in", landmarks_in)
    return asked


def test_portraits_of_different_sizes_are_references_alike(found: list[str]):
    portraits = tuple(np.full((side, side, 3), side, np.uint8) for side in (100, 128))
    job = replace(JOB, portraits=portraits, subject=None)
    first, second = sitter(job).references
    assert found == ["portrait 1 of clip-997000", "portrait 2 of clip-997000"]
    assert (first.picture == 100).all()
    assert first.size == second.size == PX
    np.testing.assert_allclose(first.landmarks, second.landmarks, atol=0.5)  # of pixel centres


def test_no_more_portraits_are_looked_at_than_the_network_takes(found: list[str], caplog):
    portraits = (np.zeros((64, 64, 3), np.uint8),) * 3
    with caplog.at_level("INFO"):
        sitter(replace(JOB, portraits=portraits, subject=None))
    assert len(found) == 2
    assert "the first 2 of its portraits are references" in caplog.text


def test_frames_that_are_named_are_sought_in_a_clip_without_landmarks(found: list[str]):
    clip = Clip("film", CLIP.frames)
    sitter(replace(JOB, subject=clip), reference_frames=(7,))
    assert found == ["frame 7 of film"]
    found.clear()
    sitter(replace(JOB, subject=clip))
    assert found == ["portrait 1 of clip-997000"]


def test_a_portrait_that_is_not_square_says_what_helps(found: list[str]):
    job = replace(JOB, portraits=(np.zeros((50, 80, 3), np.uint8),), subject=None)
    with pytest.raises(DataError, match=r"portrait 1 .* is 80 x 50 px, .* Add --align"):
        sitter(job)
    wide = replace(CLIP, frames=FrameArray(np.zeros((2, 50, 80, 3), np.uint8)))
    with pytest.raises(DataError, match=r"frame 0 of .* preprocess --dataset=Rhythmic"):
        sitter(replace(JOB, subject=wide))


def test_references_that_all_look_away_are_a_sentence():
    away = posed(CANONICAL_FACE[None], turned(np.zeros(6), np.radians([(58, 0, 0)] * 2))) / 4
    clip = replace(
        CLIP,
        frames=FrameArray(CLIP.frames.pictures[:2]),
        known={"landmarks_3d": lambda: away.astype(np.float32)},
    )
    with pytest.raises(DataError, match=r"most frontal reference of clip-997000 is turned by 58"):
        sitter(replace(JOB, subject=clip), reference_frames=(0, 1))
