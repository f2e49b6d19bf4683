"""A face goes back where it was cut out."""

import cv2
import numpy as np
import pytest

from talkingface.face.align.crop import AffineCrop, RectangleCrop
from talkingface.face.paste import feathered_mask, paste_back


@pytest.fixture
def picture():
    """A smooth picture, so that interpolating twice costs little."""
    noise = np.random.default_rng(0).integers(0, 256, (240, 320, 3)).astype(np.uint8)
    return cv2.GaussianBlur(noise, (0, 0), 6)


TILTED = AffineCrop(np.array([[1.2, 0.3, -120.0], [-0.3, 1.2, -20.0]]), 128)
UPRIGHT = RectangleCrop(100, 50, 180, 130, 160)
ACROSS_THE_EDGE = RectangleCrop(-30, -20, 90, 100, 150)


@pytest.mark.parametrize("crop", [TILTED, UPRIGHT, ACROSS_THE_EDGE])
def test_an_unchanged_face_leaves_the_picture_as_it_was(picture, crop):
    same = paste_back(crop.cut(picture), crop, picture)
    # two interpolations of a smooth picture; half a pixel of shift would cost 3 levels. The frame's
    # own edge is left out: there a view mixes in the black beyond it.
    inner = (slice(2, -2), slice(2, -2))
    assert np.abs(same[inner].astype(int) - picture[inner]).max() <= 1


@pytest.mark.parametrize("size", [64, 256])
def test_a_face_of_another_size_lands_in_the_same_place(size):
    columns = np.tile(np.arange(240, dtype=np.uint8)[None, :, None], (200, 1, 3))
    rows = np.tile(np.arange(200, dtype=np.uint8)[:, None, None], (1, 240, 3))
    for ramp in (columns, rows):
        face = cv2.resize(UPRIGHT.cut(ramp), (size, size))
        off = paste_back(face, UPRIGHT, ramp)[60:120, 110:170].astype(int) - ramp[60:120, 110:170]
        # one level a pixel: three interpolations round by less than a tenth on average
        assert abs(off.mean()) < 0.1


def test_without_a_feather_the_whole_square_is_replaced(picture):
    white = np.full((160, 160, 3), 255, np.uint8)
    pasted = paste_back(white, UPRIGHT, picture, feather=0)
    assert (pasted[51:129, 101:179] == 255).all()


def test_the_middle_is_replaced_and_all_outside_is_kept(picture):
    white = np.full((160, 160, 3), 255, np.uint8)
    pasted = paste_back(white, UPRIGHT, picture)
    assert (pasted[60:120, 110:170] == 255).all()
    pasted[49:131, 99:181] = picture[49:131, 99:181]
    np.testing.assert_array_equal(pasted, picture)


def test_the_frame_is_not_changed_in_place(picture):
    before = picture.copy()
    paste_back(np.zeros((160, 160, 3), np.uint8), UPRIGHT, picture)
    np.testing.assert_array_equal(picture, before)


def test_a_crop_beyond_the_frame_changes_nothing(picture):
    away = RectangleCrop(900, 900, 1000, 1000, 64)
    pasted = paste_back(np.zeros((64, 64, 3), np.uint8), away, picture)
    np.testing.assert_array_equal(pasted, picture)


def test_the_mask_rises_smoothly_from_nothing_to_everything():
    mask = feathered_mask(100, 0.1)
    assert mask[0].max() == mask[:, -1].max() == 0
    assert (mask[10:-10, 10:-10] == 1).all()
    assert np.abs(np.diff(mask[50])).max() < 0.2  # no edge to be seen
    np.testing.assert_array_equal(mask, mask[::-1, ::-1].T)
