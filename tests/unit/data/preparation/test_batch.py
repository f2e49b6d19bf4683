"""Many pieces of work: past bad ones, each once, and on where it ended."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from talkingface.data.preparation.batch import FAILURES, StageError, Task, run_tasks, stage
from talkingface.errors import DataError, RunError


@dataclass(frozen=True)
class Copy(Task):
    """Copies a text in capitals; a text that says 'bad' cannot be read."""

    name: str
    source: Path
    folder: Path
    way: str = "upper"

    @property
    def sources(self):
        return (self.source,)

    @property
    def outputs(self):
        return (self.folder / f"{self.name}.txt",)

    def treatment(self):
        return {"way": self.way}

    def make(self):
        with stage("reading"):
            text = self.source.read_text()
            if text == "bad":
                raise DataError(f"{self.source} is bad.")
        (self.folder / f"{self.name}.txt").write_text(getattr(text, self.way)())


@pytest.fixture
def tasks(tmp_path: Path) -> list[Copy]:
    """Return ten tasks, of which three fail."""
    made = []
    for index in range(10):
        source = tmp_path / f"in{index}.txt"
        source.write_text("bad" if index in (1, 4, 8) else f"text {index}")
        made.append(Copy(str(index), source, tmp_path / "out"))
    return made


@pytest.mark.parametrize("workers", [1, 2])
def test_of_ten_with_three_bad_seven_are_done_and_three_listed(
    tasks: list[Copy], tmp_path: Path, workers: int
) -> None:
    seen: list[tuple[int, int]] = []
    outcome = run_tasks(
        tasks,
        tmp_path / "out",
        workers=workers,
        max_failed=0.3,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert (outcome.done, outcome.was_there, len(outcome.failures)) == (7, 0, 3)
    assert seen == [(done, 10) for done in range(1, 11)]
    rows = list(csv.reader((tmp_path / "out" / FAILURES).open()))
    assert rows[0] == ["path", "stage", "reason"]
    assert rows[1:] == [
        [str(tmp_path / f"in{index}.txt"), "reading", f"{tmp_path / f'in{index}.txt'} is bad."]
        for index in (1, 4, 8)
    ]
    assert (tmp_path / "out" / "7.txt").read_text() == "TEXT 7"


def test_a_second_run_does_nothing_again(tasks: list[Copy], tmp_path: Path) -> None:
    run_tasks(tasks, tmp_path / "out", max_failed=0.3, workers=1)
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("*.txt")}
    outcome = run_tasks(tasks, tmp_path / "out", max_failed=0.3, workers=1)
    assert (outcome.done, outcome.was_there, len(outcome.failures)) == (0, 7, 3)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("*.txt")} == times


def test_what_changed_or_is_gone_is_made_again_and_nothing_else(tmp_path: Path) -> None:
    sources = [tmp_path / f"{name}.txt" for name in "abcd"]
    for source in sources:
        source.write_text("old")
    tasks = [Copy(source.stem, source, tmp_path / "out") for source in sources]
    run_tasks(tasks, tmp_path / "out", workers=1)
    sources[0].write_text("newer")
    (tmp_path / "out" / "b.txt").unlink()
    tasks[2] = Copy("c", sources[2], tmp_path / "out", way="title")
    outcome = run_tasks(tasks, tmp_path / "out", workers=1)
    assert (outcome.done, outcome.was_there) == (3, 1)
    texts = [(tmp_path / "out" / f"{name}.txt").read_text() for name in "abcd"]
    assert texts == ["NEWER", "OLD", "Old", "OLD"]


def test_mended_sources_leave_the_list_of_failures(tasks: list[Copy], tmp_path: Path) -> None:
    run_tasks(tasks, tmp_path / "out", max_failed=0.3, workers=1)
    for index in (1, 4, 8):
        tasks[index].source.write_text("good")
    outcome = run_tasks(tasks, tmp_path / "out", workers=1)
    assert (outcome.done, outcome.was_there, outcome.failures) == (3, 7, ())
    assert not (tmp_path / "out" / FAILURES).exists()


def test_too_many_failures_stop_all_and_are_listed(tasks: list[Copy], tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"3 of 10 clips failed, more than 20%. The first: .*in1"):
        run_tasks(tasks, tmp_path / "out", workers=1)
    assert len((tmp_path / "out" / FAILURES).read_text().splitlines()) == 4
    assert (tmp_path / "out" / "7.txt").exists()  # before the third failure
    assert not (tmp_path / "out" / "9.txt").exists()  # after it


def test_the_only_task_fails_with_its_own_reason(tasks: list[Copy], tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"in1.txt is bad\.$"):
        run_tasks(tasks[1:2], tmp_path / "out", workers=1)


def test_what_is_not_ours_is_never_replaced(tasks: list[Copy], tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "0.txt").write_text("precious")
    outcome = run_tasks([tasks[0], tasks[2]], tmp_path / "out", workers=1, max_failed=0.5)
    (failure,) = outcome.failures
    assert failure.stage == "outputs"
    assert (tmp_path / "out" / "0.txt").read_text() == "precious"


def test_a_task_that_was_killed_half_way_is_taken_up_again(
    tasks: list[Copy], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(task: Copy) -> None:
        (task.folder / "0.txt").write_text("hal")
        (task.folder / ".0.abcd1234.partial").mkdir()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Copy, "make", killed)
        with pytest.raises(KeyboardInterrupt):
            run_tasks(tasks[:1], tmp_path / "out", workers=1)
    assert run_tasks(tasks[:1], tmp_path / "out", workers=1).done == 1
    assert (tmp_path / "out" / "0.txt").read_text() == "TEXT 0"
    assert not list((tmp_path / "out").glob("*.partial"))


def test_the_folder_of_results_may_move(tasks: list[Copy], tmp_path: Path) -> None:
    run_tasks(tasks[:1], tmp_path / "out", workers=1)
    (tmp_path / "out").rename(tmp_path / "elsewhere")
    moved = Copy("0", tasks[0].source, tmp_path / "elsewhere")
    assert run_tasks([moved], tmp_path / "elsewhere", workers=1).was_there == 1


def test_a_damaged_receipt_counts_for_nothing(tasks: list[Copy], tmp_path: Path) -> None:
    run_tasks(tasks[:1], tmp_path / "out", workers=1)
    (receipt,) = (tmp_path / "out" / ".prepared").iterdir()
    assert json.loads(receipt.read_text())["treatment"] == {"way": "upper"}
    receipt.write_text("{")
    assert run_tasks(tasks[:1], tmp_path / "out", workers=1).done == 1


def test_the_innermost_stage_is_the_one_that_failed() -> None:
    with pytest.raises(StageError) as caught, stage("outer"), stage("inner"):
        raise DataError("no")
    assert caught.value.stage == "inner"
