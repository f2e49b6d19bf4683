"""`preprocess --audit` from the command line, on a dataset of a stranger and on folders."""

import csv
from pathlib import Path

import pytest


def test_any_dataset_can_be_looked_through(run, tmp_path: Path) -> None:
    table = tmp_path / "audit.csv"
    options = ("--audit", "--audit_pictures=1", f"--csv={table}")
    code, out, _ = run("preprocess", "--dataset=squares", *options)
    assert code == 0
    rows = list(csv.DictReader(table.open()))
    # The stranger's dataset gives the same three clips in each split.
    assert [row["name"] for row in rows] == [f"square-{index}" for index in range(3)] * 3
    assert [row["same_as"] for row in rows[3:]] == [
        f"train/square-{index}" for index in range(3)
    ] * 2
    assert {row["faces_found"] for row in rows} == {"0"}
    assert out.splitlines()[1].split()[:5] == ["train", "3", "3.0", "25", "64x64"]
    assert str(table) in out


def test_its_rows_go_to_a_run_folder_and_replace_no_file(
    run, only_run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    words = ("preprocess", "--dataset=Squares", "--audit", "--audit_pictures=1")
    code, out, _ = run(*words)
    assert code == 0
    assert only_run().name.endswith("-audit-Squares")
    assert f"Every clip: {only_run() / 'audit.csv'}" in out
    assert len((only_run() / "audit.csv").read_text().splitlines()) == 10
    (here / "mine.csv").write_text("precious")
    code, _, err = run(*words, "--csv=mine.csv")
    assert code != 0
    assert "mine.csv exists already. Choose another name" in err
    assert [path.read_text() for path in here.iterdir()] == ["precious"]


def test_bad_files_do_not_stop_it(run, tmp_path: Path) -> None:
    (tmp_path / "videos").mkdir()
    (tmp_path / "videos" / "letter.mp4").write_text("Dear reader")
    folder = f"--dataset.folder={tmp_path / 'videos'}"
    table = tmp_path / "audit.csv"
    code, out, _ = run("preprocess", "--dataset=FolderDataset", folder, "--audit", f"--csv={table}")
    assert code == 0
    assert "letter: " in out
    assert "cannot be read as video or sound" in next(csv.DictReader(table.open()))["trouble"]


@pytest.mark.parametrize("name", ["VoxCeleb2", "CREMA-D"])
def test_a_missing_corpus_is_a_sentence(name: str, run, tmp_path: Path) -> None:
    folder = tmp_path / "nowhere"
    code, _, err = run("preprocess", f"--dataset={name}", f"--dataset.folder={folder}")
    assert code == 2
    assert err.startswith(f"DataError: {folder} does not exist.")
    assert "Traceback" not in err
