"""The authors' archive at full size: taken in, it draws the authors' picture."""

import zipfile

import pytest
import torch

from talkingface.cli import main
from talkingface.config.settings import Settings
from talkingface.engine.build import build_model
from talkingface.models.pc_avs.config import PCAVSSettings
from talkingface.models.pc_avs.weights import PC_AVS
from talkingface.plugins import discover
from tests.parity.deterministic import fill, read_manifest
from tests.parity.pc_avs.conftest import equalised
from tests.parity.pc_avs.published_numbers import (
    assert_pictures,
    golden,
    manifest,
    mels,
    pictures,
)


@pytest.fixture
def archive(tmp_path):
    """Return demo.zip with every tensor that the authors' has, of the weights of the goldens."""
    path = tmp_path / "demo.zip"
    with zipfile.ZipFile(path, "w") as opened:
        for name in PC_AVS:
            tensors = fill(read_manifest(manifest(name)))
            file = tmp_path / name
            torch.save(equalised(tensors) if name == "latest_net_G.pth" else tensors, file)
            opened.write(file, f"demo/{name}")
            file.unlink()
    return path


@pytest.mark.slow  # 610 MB are made, unpacked and joined: half a minute
def test_the_authors_archive_draws_the_authors_picture(
    checkpoints, archive, portraits, capsys, caplog
):
    assert main(["download", "PC_AVS", f"--from={archive}"]) == 0
    assert caplog.messages == []  # nothing differs from what was published
    one = checkpoints / "PC_AVS" / "published.safetensors"
    assert one.stat().st_size < 0.51 * archive.stat().st_size

    settings = Settings(
        model=PCAVSSettings("PC_AVS"), evaluate_model_file="published", device="cpu"
    )
    built = build_model(discover().models.get("PC_AVS"), settings)
    assert built.weights.startswith("published weights: ")
    network = built.model.network
    drawn = network.draw(
        network.identify(portraits[None, :1]),
        network.mouth_codes(mels("input/mel", (2, 1, 80, 20)).squeeze(1)[:1]),
        network.pose_codes(pictures("input/pose", (2, 3, 224, 224))[:1]),
    )
    assert_pictures(drawn, golden("end_to_end_zero_noise"), "driven_pose")
