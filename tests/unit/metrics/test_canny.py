import cv2
import numpy as np
import pytest
from skimage.feature import canny as scikit_image_canny

from talkingface.metrics.canny import canny


def scene(seed):
    rng = np.random.default_rng(seed)
    levels = cv2.GaussianBlur(rng.integers(0, 256, (70, 90)).astype(np.float64), (0, 0), 2)
    levels[20:50, 30:60] += 60
    return np.rint(levels)


@pytest.mark.parametrize(("low", "high"), [(0.1, 0.2), (20, 60), (100, 150)])
@pytest.mark.parametrize("seed", range(3))
def test_edges_are_those_of_scikit_image(seed, low, high):
    theirs = scikit_image_canny(
        scene(seed), 1.0, low_threshold=low, high_threshold=high, mode="constant"
    )
    assert 0 < theirs.sum() < theirs.size / 3
    np.testing.assert_array_equal(canny(scene(seed), low, high), theirs)


def test_a_constant_picture_has_no_edges():
    assert not canny(np.full((40, 50), 128.0), 0.1, 0.2).any()
