"""The doctor names a cure for each thing that fails."""

import time
from pathlib import Path

import pytest

from talkingface.cli import doctor, main
from talkingface.cli.doctor import Check


def test_a_healthy_machine_passes_quickly(capsys: pytest.CaptureFixture[str]) -> None:
    started = time.perf_counter()
    code = main(["doctor"])
    assert time.perf_counter() - started < 5  # the number that the doctor promises
    out = capsys.readouterr().out
    assert code == 0
    assert "ok      Python 3." in out
    assert "ok      torch 2." in out
    assert "GB free for runs" in out
    assert "syncnet" in out
    assert out.startswith("Ready.")


def test_the_verdict_comes_first_and_all_fits_a_screen(
    checkpoints: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor.importlib.util, "find_spec", lambda name: None)
    assert main(["doctor"]) == 0
    ready = capsys.readouterr().out.splitlines()
    assert ready[0].startswith("Ready.")
    assert len(ready) < 24  # lines of the smallest terminal
    monkeypatch.setattr(doctor, "OLDEST_TORCH", (9, 0))
    assert main(["doctor"]) == 1
    verdict, failed, *others = capsys.readouterr().out.splitlines()
    assert verdict.startswith("Not ready")
    assert failed.startswith("FAILED  torch")
    assert [one[:4] for one in others] == sorted((one[:4] for one in others), reverse=True)


def test_each_note_and_failure_has_a_cure() -> None:
    for check in doctor._checks(doctor.Path("runs")):
        assert check.outcome == "ok" or check.cure


@pytest.mark.parametrize(
    ("name", "value", "cure"),
    [
        ("OLDEST_PYTHON", (9, 0), "Install Python 3.11 or newer"),
        ("OLDEST_TORCH", (9, 0), "pip install"),
        ("NEEDED_DISK_GB", 1e9, "Make room"),
    ],
)
def test_what_is_missing_fails_with_its_cure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name, value, cure: str
) -> None:
    monkeypatch.setattr(doctor, name, value)
    code = main(["doctor", "--quiet"])
    out = capsys.readouterr().out
    assert code == 1
    assert out.count("FAILED") == len(out.splitlines()) == 1
    assert cure in out


def test_a_check_reads_as_one_line() -> None:
    assert str(Check("failed", "No disk.", "Buy one.")) == "FAILED  No disk. Buy one."
