"""Laws of the crop of PC-AVS."""

import numpy as np
import pytest

from talkingface.errors import DataError
from talkingface.face.align.level_eyes import TARGET, eyes_and_mouth, level_eye_crops
from talkingface.face.align.similarity import mapped


@pytest.fixture
def points():
    """A head of nonsense points that sways over 12 frames."""
    rng = np.random.default_rng(0)
    sway = np.cumsum(rng.normal(size=(12, 1, 2)), axis=0) * 4
    return rng.uniform(80, 200, (1, 68, 2)) + sway


def test_the_mouth_of_a_picture_lies_on_its_place(points):
    (crop,) = level_eye_crops(points[:1])
    mouth = mapped(crop.matrix, eyes_and_mouth(points[:1])[0, 2])
    np.testing.assert_allclose(mouth, TARGET[2], atol=1e-10)


def test_one_turn_and_one_scale_serve_the_whole_clip(points):
    turns = np.array([crop.matrix[:, :2] for crop in level_eye_crops(points)])
    assert np.ptp(turns, axis=0).max() == 0


def test_the_mouth_is_held_within_a_fifth_of_its_movement(points):
    crops = level_eye_crops(points)
    mouths = np.array(
        [mapped(c.matrix, p) for c, p in zip(crops, eyes_and_mouth(points)[:, 2], strict=True)]
    )
    free = mapped(crops[0].matrix, eyes_and_mouth(points)[:, 2])
    assert np.ptp(mouths, axis=0).max() < 0.5 * np.ptp(free, axis=0).max()


def test_a_frame_moved_by_whole_gives_the_same_crop_moved(points):
    shift = np.array([30, -11])
    moved = level_eye_crops(points + shift)
    for ours, theirs in zip(level_eye_crops(points), moved, strict=True):
        back = ours.matrix[:, 2] - ours.matrix[:, :2] @ shift
        np.testing.assert_allclose(theirs.matrix[:, 2], back, atol=1e-10)


def test_frames_without_landmarks_are_named(points):
    points[[3, 7]] = np.nan
    with pytest.raises(DataError, match=r"2 of 12 frames have no landmarks \(frame 3, 7\)"):
        level_eye_crops(points)
