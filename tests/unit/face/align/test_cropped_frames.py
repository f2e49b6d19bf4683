"""Frames seen through their crops."""

import numpy as np

from talkingface.face.align.crop import RectangleCrop
from talkingface.face.align.cropped import CroppedFrames


def crops(count):
    return [RectangleCrop(4 + 4 * t, 16, 20 + 4 * t, 32, 16) for t in range(count)]


def test_every_frame_is_cut_by_its_own_crop(tiny_frames):
    seen = CroppedFrames(tiny_frames, crops(10))  # the crops follow the square
    assert (len(seen), seen.fps) == (10, tiny_frames.fps)
    pictures = list(seen)
    assert len(pictures) == 10
    assert all((picture == (200, 120, 60)).all() for picture in pictures)
    np.testing.assert_array_equal(seen.read(3, 5), pictures[3:5])


def test_the_clip_ends_with_its_crops(tiny_frames):
    seen = CroppedFrames(tiny_frames, crops(4))
    assert len(seen) == len(list(seen)) == len(seen.read(0, 10)) == 4
