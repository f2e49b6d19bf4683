"""The notebook is short, holds no output, and its cells run one after the other."""

import json
from pathlib import Path

import pytest

from talkingface.api.generated_clip import GeneratedClip

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "talkingface.ipynb"
CELLS = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
CODE = ["".join(cell["source"]) for cell in CELLS if cell["cell_type"] == "code"]


def test_the_notebook_is_short_and_holds_no_output() -> None:
    assert len(CELLS) <= 15
    assert len({cell["id"] for cell in CELLS}) == len(CELLS)
    for cell in CELLS:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


def test_the_notebook_opens_on_colab_and_looks_for_a_gpu() -> None:
    text = "".join(line for cell in CELLS for line in cell["source"])
    assert "colab.research.google.com/assets/colab-badge.svg" in text
    assert "torch.cuda.is_available()" in text
    for cell in CODE:
        compile(cell, NOTEBOOK.name, "exec")  # no line is for one kind of notebook alone


@pytest.mark.slow  # makes six videos and an evaluation: a minute or two
def test_its_cells_run_one_after_the_other(
    tmp_path: Path, monkeypatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    played: list[GeneratedClip] = []
    said: dict[str, object] = {"display": played.append}
    for cell in CODE:
        exec(cell, said)
    assert len(said["clip"].pictures) == len(said["own"].pictures) == 100  # four seconds
    assert len(played) >= 2
    assert (tmp_path / "own.mp4").is_file()
    out = capsys.readouterr().out
    assert "sync_demo_offset" in out
    assert (said["done"].run.path / "report.html").is_file()
    assert "rhythmic_head_motion" in out  # the table of weights
