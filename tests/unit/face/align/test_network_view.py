"""What the networks of PC-AVS and PD-FGC see of an aligned face."""

from fractions import Fraction

import cv2
import numpy as np
import pytest

from talkingface.clip import FrameArray
from talkingface.errors import DataError
from talkingface.face.align.network_view import NetworkFrames, network_view

NOISE = np.random.default_rng(0).integers(0, 256, (3, 224, 224, 3), dtype=np.uint8)


def test_the_view_is_the_one_of_the_authors_loaders() -> None:
    expected = [cv2.resize(one[:192, 16:208], (224, 224)) for one in NOISE]
    frames = NetworkFrames(FrameArray(NOISE))
    np.testing.assert_array_equal(np.stack(list(frames)), expected)
    np.testing.assert_array_equal(frames.read(1, 3), expected[1:])
    assert (len(frames), frames.fps) == (3, Fraction(25))


def test_larger_files_are_cut_in_the_same_proportion() -> None:
    crop = network_view(224, aligned_px=448)
    assert (crop.left, crop.top, crop.right, crop.bottom) == (32, 0, 416, 384)


def test_what_is_not_square_is_no_aligned_face() -> None:
    frames = NetworkFrames(FrameArray(NOISE[:, :200]))
    with pytest.raises(DataError, match="224 x 200 pixels is no aligned face"):
        frames.read(0, 1)


def test_no_frames_are_no_pictures() -> None:
    assert NetworkFrames(FrameArray(NOISE), 112).read(3, 3).shape == (0, 112, 112, 3)
