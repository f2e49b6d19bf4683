"""The authors' four files at full size, made of nothing but names, become one file that drives."""

from pathlib import Path

import pytest
import torch

from talkingface.cli import main
from talkingface.config.settings import Settings
from talkingface.engine.build import load_model
from talkingface.models.pd_fgc import MODEL
from talkingface.models.pd_fgc.config import PDFGCSettings
from talkingface.models.pd_fgc.weights import FILES
from tests.parity.deterministic import fill, read_manifest
from tests.parity.pd_fgc.published_numbers import GOLDENS, assert_the_authors_motion


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder as checkpoints.tar unpacks, 584 MB."""
    folder = tmp_path_factory.mktemp("published") / "checkpoints"
    folder.mkdir()
    for file in FILES:
        rows = read_manifest(GOLDENS / f"{file.partition('_')[0]}.json")
        torch.save(fill(rows), folder / file)
    return folder


def loaded(weights: Path):
    settings = Settings(
        model=PDFGCSettings("PD_FGC"), evaluate_model_file=str(weights), device="cpu"
    )
    return load_model(MODEL, settings)


@pytest.mark.slow  # draws 146 million numbers and writes them to the disk
def test_four_published_files_become_one_that_gives_the_authors_motion(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "pd_fgc.safetensors"
    assert main(["convert", str(folder), str(out), "--model=PD_FGC"]) == 0
    assert "313 MB, all that PD_FGC needs of 585 MB" in capsys.readouterr().out
    from_files, from_one = loaded(folder), loaded(out)
    assert "published weights" in from_files.weights
    assert "published weights" in from_one.weights
    assert_the_authors_motion(from_one.model.eval().network.motion_encoder)
    for name, tensor in from_files.model.state_dict().items():
        assert torch.equal(tensor, from_one.model.state_dict()[name]), name
    assert not from_one.model.settings.network.angle_codes
