"""A run has a folder of its own, and nothing that exists is overwritten."""

import json
import logging
from contextlib import suppress
from pathlib import Path

import pytest

from talkingface.engine.provenance import git_commit, provenance, source_hash
from talkingface.engine.run_folder import RunFolder
from talkingface.errors import DataError, RunError, StorageError


def create(root: Path, model: str = "M") -> RunFolder:
    return RunFolder.create(root, model, "D", config="seed: 1\n", manifest={"seed": 1})


def broken_off(run: RunFolder, error: Exception) -> None:
    """Let a run say something, and then end with an error."""
    with suppress(type(error)), run.logging():
        logging.getLogger("talkingface.test").warning("It is odd.")
        raise error


def test_runs_of_the_same_second_have_folders_of_their_own(tmp_path: Path) -> None:
    runs = [create(tmp_path / "runs") for _ in range(5)]
    assert len({run.path for run in runs}) == 5
    assert all((run.path / "config.yaml").read_text() == "seed: 1\n" for run in runs)
    assert all(run.path.name.split("-M-D")[0].count("-") == 4 for run in runs)


def test_without_a_method_none_is_named(tmp_path: Path) -> None:
    assert create(tmp_path, model="").path.name.endswith("-D")
    assert "--" not in create(tmp_path, model="").path.name


def test_a_place_where_no_folder_can_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="No folder for this run can be made"):
        create(tmp_path / "file" / "runs")


def test_a_call_that_is_refused_leaves_no_folder(tmp_path: Path) -> None:
    broken_off(create(tmp_path), DataError("It is empty."))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["videos/half.mp4", "per_clip.csv", "checkpoints/last.json"])
def test_a_call_that_is_refused_leaves_what_came_out_before(tmp_path: Path, place: str) -> None:
    run = create(tmp_path)
    (run.path / place).write_text("kept")
    broken_off(run, DataError("It is empty."))
    assert (run.path / place).read_text() == "kept"


@pytest.mark.parametrize("error", [RunError("It failed."), ValueError("A fault.")])
def test_a_run_that_failed_has_a_log_to_be_read(tmp_path: Path, error: Exception) -> None:
    run = create(tmp_path)
    broken_off(run, error)
    assert "It is odd." in (run.path / "log.txt").read_text()


def test_records_are_lines_of_json(tmp_path: Path) -> None:
    run = create(tmp_path)
    run.record(step=1, loss=0.5)
    run.record(step=2, loss=0.25)
    lines = (run.path / "metrics.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == [
        {"step": 1, "loss": 0.5},
        {"step": 2, "loss": 0.25},
    ]


def test_what_is_said_during_a_run_is_kept_and_nothing_after(tmp_path: Path) -> None:
    run = create(tmp_path)
    logger = logging.getLogger("talkingface.test")
    logger.setLevel(logging.INFO)
    with run.logging():
        logger.info("inside")
    logger.info("outside")
    text = (run.path / "log.txt").read_text()
    assert "inside" in text
    assert "outside" not in text


def test_the_manifest_says_what_the_run_was_made_with_and_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANTED_TOKEN", "hunter2-secret")
    facts = provenance(["python", "run_talkingface.py", "--runs_folder=my runs"])
    run = RunFolder.create(tmp_path, "M", "D", config="", manifest=facts)
    text = (run.path / "manifest.json").read_text()
    manifest = json.loads(text)
    assert manifest["command"] == "python run_talkingface.py '--runs_folder=my runs'"
    assert manifest["packages"]["torch"]
    assert len(manifest["source_sha256"]) == 64
    assert "hunter2-secret" not in text


def test_the_commit_is_read_from_loose_and_packed_references(tmp_path: Path) -> None:
    git = tmp_path / ".git"
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    (git / "packed-refs").write_text("# pack-refs\n" + "a" * 40 + " refs/heads/main\n")
    assert git_commit(tmp_path) == "a" * 40
    (git / "refs" / "heads" / "main").write_text("b" * 40 + "\n")
    assert git_commit(tmp_path) == "b" * 40
    (git / "HEAD").write_text("c" * 40 + "\n")
    assert git_commit(tmp_path) == "c" * 40


def test_the_commit_of_a_worktree_is_read_from_the_repository_it_belongs_to(tmp_path: Path) -> None:
    git = tmp_path / "main" / ".git"
    worktree = git / "worktrees" / "side"
    worktree.mkdir(parents=True)
    (worktree / "HEAD").write_text("ref: refs/heads/side\n")
    (worktree / "commondir").write_text("../..\n")
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "refs" / "heads" / "side").write_text("d" * 40)
    side = tmp_path / "side"
    side.mkdir()
    (side / ".git").write_text(f"gitdir: {worktree}\n")
    assert git_commit(side) == "d" * 40


def test_outside_of_a_checkout_there_is_no_commit(tmp_path: Path) -> None:
    assert git_commit(tmp_path) is None


def test_the_hash_of_the_source_is_the_same_twice() -> None:
    assert source_hash() == source_hash()
