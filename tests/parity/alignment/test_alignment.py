"""Our crops against those of PC-AVS."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from talkingface.face.align.crop import RectangleCrop
from talkingface.face.align.level_eyes import TARGET, eyes_and_mouth, level_eye_crops
from talkingface.face.align.similarity import least_squares_similarity

HERE = Path(__file__).parent
LEVEL_EYES = np.load(HERE / "level_eyes.npz")
LOADER_CROP = np.load(HERE / "loader_crop.npz")


@pytest.fixture
def noise_picture(normal):
    def make(name, height, width):
        return np.clip(128 + 48 * normal(name, (height, width, 3)), 0, 255).astype(np.uint8)

    return make


def test_the_three_points_and_the_clip_matrix_are_those_of_pc_avs():
    three = eyes_and_mouth(LEVEL_EYES["landmarks"])
    np.testing.assert_allclose(three, LEVEL_EYES["three_points"], rtol=0, atol=1e-12)
    matrix = least_squares_similarity(three.mean(axis=0), TARGET)
    # the original's target is float32, which moves the vertical shift by 2.5e-6
    np.testing.assert_allclose(matrix, LEVEL_EYES["matrix"], rtol=0, atol=3e-6)


def test_the_matrix_of_every_frame_is_that_of_pc_avs():
    ours = [crop.matrix for crop in level_eye_crops(LEVEL_EYES["landmarks"])]
    # float64 of numbers up to 120, a few operations
    np.testing.assert_allclose(ours, LEVEL_EYES["matrices"], rtol=0, atol=1e-12)


def test_the_warped_frame_is_that_of_pc_avs(noise_picture):
    photo = cv2.GaussianBlur(noise_picture("input/photo", 360, 400), (0, 0), 4)
    np.testing.assert_array_equal(photo[::8, ::8], LEVEL_EYES["photo_blurred_stride8"])
    warped = level_eye_crops(LEVEL_EYES["landmarks"])[1].cut(photo)
    assert warped.shape == (224, 224, 3)
    np.testing.assert_array_equal(warped[::4, ::4], LEVEL_EYES["warped_stride4"])


@pytest.mark.parametrize(
    ("name", "side", "golden"),
    [
        ("input/id_picture", 224, "input_stride4"),
        ("input/pose_picture_2", 224, "pose_stride4"),
        ("input/picture_256", 256, "picture_256_stride4"),
    ],
)
def test_the_loaders_crop_is_that_of_pc_avs(noise_picture, name, side, golden):
    view = RectangleCrop(16, 0, 208, 192, 224).cut(noise_picture(name, side, side))
    scaled = view.transpose(2, 0, 1)[:, ::4, ::4] / np.float32(255) * 2 - 1
    np.testing.assert_array_equal(scaled, LOADER_CROP[golden])
