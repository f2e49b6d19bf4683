"""What augmentation keeps; the authors' pixels are met in tests/parity."""

import numpy as np
import pytest

from talkingface.data.examples.augmentation import ShapeChange, augmented


@pytest.mark.parametrize("size", [112, 224])
def test_a_clip_keeps_its_size_and_is_changed_in_one_way(size):
    still = np.random.default_rng(0).integers(0, 256, (1, size, size, 3), dtype=np.uint8)
    clip = augmented(still.repeat(3, axis=0), np.random.default_rng(1))
    assert clip.shape == (3, size, size, 3)
    assert clip.dtype == np.uint8
    assert (clip != still).any()
    sharp = augmented(still.repeat(3, axis=0), np.random.default_rng(4))
    assert (sharp[0] == sharp[1]).all()  # this seed sharpens, which has no size for each frame


def test_a_small_picture_is_changed_as_a_large_one():
    """Shapes change in proportion, or small networks would learn another task."""
    y, x = np.mgrid[0:224, 0:224]
    large = np.stack([np.sin(x / 40), np.cos(y / 40), x / 224], axis=-1)
    small = large.reshape(112, 2, 112, 2, 3).mean(axis=(1, 3))
    change = ShapeChange(narrow=True, stretch=20, margin=4, tilt=24, reach=30)
    shrunk = change.apply(large).reshape(112, 2, 112, 2, 3).mean(axis=(1, 3))
    assert np.abs(change.apply(small) - shrunk).mean() < 0.01


def test_narrow_and_broad_are_each_others_mirror():
    frame = np.random.default_rng(0).random((64, 64, 3))
    narrow = ShapeChange(narrow=True, stretch=20, margin=4, tilt=0, reach=30)
    broad = ShapeChange(narrow=False, stretch=20, margin=4, tilt=0, reach=30)
    across = broad.apply(frame.swapaxes(0, 1).copy()).swapaxes(0, 1)
    np.testing.assert_allclose(narrow.apply(frame), across, atol=1e-12)  # float64
