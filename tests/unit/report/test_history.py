"""The curves of a training are those that it noted, however often it was stopped."""

import json
from pathlib import Path

from talkingface.report.history import read_history
from talkingface.report.training import training_curves


def note(folder: Path, *lines: object) -> Path:
    folder.mkdir()
    written = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    (folder / "metrics.jsonl").write_text("\n".join(written))
    return folder


def test_a_step_that_was_taken_again_counts_once(tmp_path: Path) -> None:
    run = note(
        tmp_path / "run",
        {"step": 10, "stage": "all", "a/l1": 3.0},
        {"step": 20, "a/l1": 2.0},
        {"step": 20, "val/SSIM": 0.5},
        {"step": 10, "a/l1": 2.5},  # gone on from an earlier checkpoint
        {"clip": "x", "SSIM": 1.0},
        "[1, 2]",
        '{"step": 30, "a/l',  # killed while it wrote
    )
    curves = read_history(run, "").curves
    assert curves == {"a/l1": {10: 2.5, 20: 2.0}, "val/SSIM": {20: 0.5}}


def test_a_run_that_only_scored_shows_the_training_of_its_weights(tmp_path: Path) -> None:
    training = note(tmp_path / "training", {"step": 1, "a/l1": 3.0})
    scoring = note(tmp_path / "scoring", {"clip": "x", "SSIM": 1.0})
    history = read_history(scoring, str(training / "weights.safetensors"))
    assert history.run == training
    assert read_history(scoring, "").curves == {}
    assert read_history(scoring, str(tmp_path / "elsewhere" / "w.safetensors")).run is None


def test_validation_comes_first_and_every_curve_is_drawn(tmp_path: Path) -> None:
    run = note(tmp_path / "run", *({"step": one, "loss": 1 / one, "val/M": one} for one in (1, 2)))
    shown = training_curves(read_history(run, ""))
    assert shown.count("<svg") == 2
    assert shown.index("val/M") < shown.index("loss")
    assert "first 1, last 0.5." in shown
