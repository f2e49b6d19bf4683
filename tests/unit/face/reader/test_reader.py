"""Readings in the pixels of the picture, and weights that come back as they were."""

import numpy as np
import pytest
import torch
from torch import nn

from talkingface.errors import CheckpointError
from talkingface.face.reader import FaceReader, open_reader, write_reader
from talkingface.face.reader.network import FaceValues, ReaderNetwork, as_input


class BrightSpot(nn.Module):
    """Sees all landmarks where the picture is brightest, and says that it is a face."""

    def forward(self, pictures):
        count, _, _, side = pictures.shape
        rows, columns = np.divmod(pictures.mean(1).flatten(1).argmax(1).numpy(), side)
        spot = np.stack([columns, rows, 0 * rows + 10], axis=1)
        one = torch.ones(count)
        return FaceValues(
            landmarks=torch.from_numpy(spot).float()[:, None].repeat(1, 68, 1),
            pose=torch.zeros(count, 3),
            mouth_opening=2 * one,
            emotion=torch.zeros(count, 5),
            blink=-0.2 * one,
            gaze=torch.full((count, 2), 1.5),
            presence=torch.linspace(-4, 4, count),
        )


def with_spot(height, width, left, top, size):
    picture = np.zeros((1, height, width, 3), np.uint8)
    picture[:, top : top + size, left : left + size] = 255
    return picture


@pytest.mark.parametrize(
    ("height", "width"), [(112, 112), (224, 224), (448, 448), (56, 56), (224, 300), (330, 224)]
)
def test_landmarks_are_in_the_pixels_of_the_picture(height, width):
    side = min(height, width)
    cell = max(1, side // 112)
    left, top = (width - side) // 2 + 40 * side // 112, (height - side) // 2 + 60 * side // 112
    read = FaceReader(BrightSpot()).read(with_spot(height, width, left, top, cell))
    middle = (left + (cell - 1) / 2, top + (cell - 1) / 2)
    # Exact where the spot is one whole pixel of what the network sees; a small picture is blurred.
    np.testing.assert_allclose(read.landmarks[0, 0, :2], middle, atol=0.25 if side < 112 else 1e-4)
    assert read.landmarks[0, 0, 2] == pytest.approx(10 * side / 112)
    assert read.mouth_opening[0] == pytest.approx(2 * side / 112)


def test_only_sure_faces_count_and_shares_stay_shares():
    read = FaceReader(BrightSpot()).read(np.zeros((3, 112, 112, 3), np.uint8))
    assert read.found.tolist() == [False, True, True]
    assert read.blink.tolist() == [0, 0, 0]
    assert read.gaze.max() == 1


def test_many_pictures_are_read_as_each_alone():
    torch.manual_seed(0)
    reader = FaceReader(ReaderNetwork(width=2))
    pictures = np.random.default_rng(0).integers(0, 256, (34, 112, 112, 3)).astype(np.uint8)
    together = reader.read(pictures)
    alone = np.concatenate([reader.read(picture[None]).landmarks for picture in pictures[::11]])
    # float32: batches of other sizes add in another order
    np.testing.assert_allclose(together.landmarks[::11], alone, atol=1e-4)


def test_weights_come_back_in_half_precision(tmp_path):
    torch.manual_seed(0)
    network = ReaderNetwork(width=2).eval()
    write_reader(network, tmp_path / "reader.safetensors")
    picture = np.random.default_rng(0).integers(0, 256, (1, 112, 112, 3)).astype(np.uint8)
    read = open_reader(tmp_path / "reader.safetensors").read(picture)
    with torch.inference_mode():
        seen = network(as_input(torch.from_numpy(picture)))
    # 2 ** -11 of each weight is rounded off; landmarks are below 10 px here
    np.testing.assert_allclose(read.landmarks, seen.landmarks, atol=0.01)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CheckpointError, match=r"no file .*nothing\.safetensors"):
        open_reader(tmp_path / "nothing.safetensors")
