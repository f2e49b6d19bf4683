"""Framing, the order of pose frames, saving and augmentation against the authors' program."""

import numpy as np
import pytest
import torch

from talkingface.data.examples import augmentation
from talkingface.media.features.windows import whole_window_frames
from talkingface.models.pc_avs.framing import network_frames, to_and_fro
from talkingface.nn.pictures import to_pictures
from tests.parity.deterministic import normal
from tests.parity.pc_avs.published_numbers import golden

DATASET = golden("dataset")
AUGMENTATION = golden("augmentation")
SEEDS = [0, 1, 2]


class PublishedChance:
    """Draws from NumPy's legacy stream, as the authors' program does."""

    def __init__(self, seed):
        stream = np.random.RandomState(seed)
        self.uniform = stream.uniform
        self.integers = stream.randint


@pytest.mark.parametrize(
    ("name", "side", "seen"),
    [
        ("input/id_picture", 224, "input_stride4"),
        ("input/pose_picture_2", 224, "pose_stride4"),
        ("input/picture_256", 256, "picture_256_stride4"),
    ],
)
def test_pictures_reach_the_networks_as_the_authors_do(name, side, seen):
    grey = (128 + 48 * normal(name, (side, side, 3))).clip(0, 255).astype(np.uint8)
    frames = network_frames(grey[None])
    assert frames.shape == (1, 3, 224, 224)
    np.testing.assert_array_equal(frames[0, :, ::4, ::4], DATASET[seen])


def test_pose_frames_go_to_and_fro_as_the_authors_do():
    for num_frames, order in zip((1, 2, 3, 5), DATASET["ping_pong"], strict=True):
        assert [to_and_fro(frame, num_frames) for frame in range(20)] == order.tolist()
    shown = [to_and_fro(frame, 5) for frame in whole_window_frames(207)]
    assert shown == DATASET["pose_index"].tolist()


def test_pictures_are_saved_as_the_authors_do():
    drawn = np.clip(np.float32(0.6) * normal("input/generated", (3, 32, 32)), -1.2, 1.2)
    saved = to_pictures(torch.from_numpy(drawn)[None])[0]
    np.testing.assert_array_equal(saved, DATASET["saved_uint8"])


@pytest.fixture(scope="module")
def wave():
    """Return a picture of waves, (224, 224, 3) in whole levels."""
    y, x = np.mgrid[0:224, 0:224]
    waves = (100 * np.sin(x / 17), 100 * np.cos(y / 23), 60 * np.sin((x + y) / 31))
    return (127 + np.stack(waves, axis=-1)).astype(np.uint8)


@pytest.mark.parametrize("seed", SEEDS)
def test_colours_are_changed_as_the_authors_do(wave, seed):
    change = augmentation.ColourChange.draw(PublishedChance(seed))
    ours = change.apply(wave)[::8, ::8]
    np.testing.assert_array_equal(ours, AUGMENTATION[f"colour_seed{seed}"][0])


@pytest.mark.parametrize("seed", SEEDS)
def test_shapes_are_changed_as_the_authors_do(wave, seed):
    change = augmentation.ShapeChange.draw(PublishedChance(seed))
    ours = change.apply(wave.astype(np.float64))[::8, ::8]
    np.testing.assert_array_equal(ours, AUGMENTATION[f"reshape_seed{seed}"][0])


@pytest.mark.parametrize("seed", SEEDS)
def test_sharpness_is_changed_as_the_authors_do(wave, seed):
    change = augmentation.SharpnessChange.draw(PublishedChance(seed), num_frames=1)
    ours = change.apply([wave])[0][::8, ::8]
    np.testing.assert_array_equal(ours, AUGMENTATION[f"blur_sharp_seed{seed}"][0])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_clip_is_augmented_as_the_authors_do(wave, seed):
    both = np.stack([wave, np.roll(wave, 9, axis=1)])
    ours = augmentation.augmented(both, PublishedChance(seed))[:1, ::8, ::8]
    np.testing.assert_array_equal(ours, AUGMENTATION[f"full_seed{seed}"])


def test_a_plane_is_tilted_as_the_authors_do():
    matrix = augmentation.tilting(224, tilt=25, reach=30)
    np.testing.assert_allclose(matrix, AUGMENTATION["perspective_matrix"], rtol=0, atol=1e-15)
