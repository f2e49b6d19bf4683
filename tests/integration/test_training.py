"""Training through the command line: stages, resume, signals, several devices."""

import itertools
import json
import re
import shlex
import signal
import socket
import subprocess
import time
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from torch import Tensor

from talkingface.cli import main
from talkingface.engine.checkpoints import Checkpoints, load_checkpoint
from talkingface.media import open_frames, write_picture
from talkingface.models.base import Batch
from talkingface.models.loud_mouth.model import LoudMouth

TRAIN = ("train", "--model=Loud_Mouth", "--dataset=Squares", "--model.network.image_px=64")
SMALL = ("--batch_size=4", "--log_every=1", "--curves=none")


def losses(run: Path) -> list[float]:
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    return [line["mouth/error_added"] for line in lines if "mouth/error_added" in line]


def last_state(run: Path) -> dict[str, Any]:
    last = Checkpoints(run / "checkpoints").last
    assert last is not None
    return load_checkpoint(last)


def test_training_lowers_the_loss_and_leaves_weights_that_evaluate(run, only_run) -> None:
    code, out, err = run(*TRAIN, *SMALL, "--steps=30", "--learning_rate=0.03", "--json")
    folder = only_run()
    assert code == 0
    last = [line for line in map(json.loads, err.splitlines()) if "step" in line][-1]
    assert (last["step"], last["steps"], last["seconds_left"]) == (30, 30, 0)
    assert last["samples_a_second"] > 0
    assert f"Weights: {folder / 'weights.safetensors'}" in out
    curve = losses(folder)
    assert sum(curve[-5:]) < sum(curve[:5])
    words = ("evaluate", "--model=Loud_Mouth", "--dataset=Squares", "--limit=1")
    code, out, err = run(*words, f"--evaluate_model_file={folder / 'weights.safetensors'}")
    assert code == 0
    assert "weights trained here" in err


def test_a_training_ends_with_the_command_that_makes_a_video(
    run, only_run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_picture(Path("face.jpg"), np.full((64, 64, 3), 90, np.uint8))
    with wave.open("speech.wav", "wb") as file:
        file.setparams((1, 2, 16_000, 3_200, "NONE", ""))
        file.writeframes(bytes(6_400))  # a fifth of a second of silence
    _, _, err = run(*TRAIN, *SMALL, "--steps=1")
    (line,) = [line for line in err.splitlines() if "run_talkingface.py generate" in line]
    assert line in (only_run() / "log.txt").read_text()
    words = shlex.split(line.partition("run_talkingface.py ")[2])
    assert main([*words, "--out=talk.mp4", "--runs_folder=others"]) == 0
    assert len(list(open_frames(Path("talk.mp4")))) == 5


def test_a_score_that_is_best_in_the_middle_is_no_monitor(run, tmp_path: Path) -> None:
    code, _, err = run(*TRAIN, *SMALL, "--steps=1", "--train.monitor=sync_demo_offset")
    assert code == 2
    assert "train.monitor=sync_demo_offset cannot tell the better of two steps" in err
    assert not (tmp_path / "runs").exists()


def test_the_config_of_a_training_repeats_it_bit_for_bit(run, only_run, tmp_path: Path) -> None:
    run(*TRAIN, *SMALL, "--steps=5", "--seed=3", "--train.deterministic")
    first = only_run()
    code, _, _ = run("train", "--config_files", str(first / "config.yaml"))
    assert code == 0
    (second,) = set((tmp_path / "runs").iterdir()) - {first}
    assert losses(second) == losses(first)
    assert len(losses(first)) == 5
    file = "weights.safetensors"
    assert (second / file).read_bytes() == (first / file).read_bytes()


def test_a_fault_in_a_step_names_the_step_its_clips_and_the_last_checkpoint(
    run, only_run, monkeypatch
) -> None:
    learn, steps = LoudMouth.losses, itertools.count(1)

    def broken(model: LoudMouth, phase: str, batch: Batch) -> dict[str, Tensor]:
        if next(steps) == 3:
            raise ZeroDivisionError("by us")
        return learn(model, phase, batch)

    monkeypatch.setattr(LoudMouth, "losses", broken)
    code, _, err = run(*TRAIN, *SMALL, "--steps=4", "--save_every=2")
    assert code == 1
    last = only_run() / "checkpoints" / "step-00000002.pt"
    assert re.search(rf"Step 3 failed, on (square-\d(, )?){{4}}\. .* is {last}\.", err)
    assert last_state(only_run())["step"] == 2
    assert not list(only_run().rglob(".*.partial"))
    assert not (only_run() / "weights.safetensors").exists()


def test_train_true_trains_and_then_evaluates_with_what_it_trained(run, tmp_path: Path) -> None:
    code, out, err = run(
        *("--model=Loud_Mouth", "--dataset=Squares", "--train", "--train.steps=2"),
        *("--train.batch_size=2", "--train.curves=none"),
    )
    assert code == 0, err
    assert "Loud_Mouth on Squares (test, self):" in out
    assert len(list((tmp_path / "runs").iterdir())) == 2


def test_a_stopped_and_resumed_training_equals_an_unbroken_one(run, tmp_path: Path) -> None:
    words = (*TRAIN, *SMALL, "--ema_decay=0.5", "--schedule=cosine")
    run(*words, "--steps=6")
    (whole,) = (tmp_path / "runs").iterdir()
    run(*words, "--steps=6", "--save_every=3")
    (broken,) = set((tmp_path / "runs").iterdir()) - {whole}
    # As if it had been killed after step 4: the checkpoint of step 3 is the last one.
    early = broken / "checkpoints" / "step-00000003.pt"
    assert not early.exists()  # only the last is kept
    code, _, err = run("train", f"--resume={broken}", "--steps=8")
    assert code == 0
    assert f"Going on from step 6 of {broken}." in err
    assert losses(broken)[:6] == losses(whole)
    assert len(losses(broken)) == 8


def test_resume_alone_finds_the_newest_run_and_its_settings(run, only_run) -> None:
    run(*TRAIN, *SMALL, "--steps=2", "--seed=5")
    code, out, err = run("train", "--resume", "--steps=3")
    assert code == 0
    assert f"Going on from step 2 of {only_run()}." in err
    assert "Trained for 3 steps." in out


def test_resume_without_any_run_is_a_sentence(run) -> None:
    code, _, err = run("train", "--resume")
    assert code == 2
    assert "has a checkpoint to go on from. Train first." in err


def test_a_dry_run_takes_one_step_and_writes_nothing(run, tmp_path: Path) -> None:
    before = set(tmp_path.rglob("*"))
    code, _, err = run(*TRAIN, *SMALL, "--dry_run")
    assert code == 0
    assert "One step was taken: mouth/error_added" in err
    assert re.search(r"0.01 M parameters, \d.*GiB at most", err)
    new = set(tmp_path.rglob("*")) - before
    assert not [path for path in new if "__pycache__" not in path.parts]


def test_validation_keeps_the_best_weights_and_shows_samples(run, only_run) -> None:
    code, _, _ = run(*TRAIN, *SMALL, "--steps=4", "--validate_every=2", "--validate_clips=1")
    folder = only_run()
    assert code == 0
    assert (folder / "samples" / "step-00000002" / "square-0.mp4").is_file()
    best = json.loads((folder / "checkpoints" / "best.json").read_text())
    assert best["score"] > 0


def test_training_does_not_notice_its_validations(run, tmp_path: Path) -> None:
    run(*TRAIN, *SMALL, "--steps=4")
    (plain,) = (tmp_path / "runs").iterdir()
    run(*TRAIN, *SMALL, "--steps=4", "--validate_every=1", "--validate_clips=1")
    (watched,) = set((tmp_path / "runs").iterdir()) - {plain}
    assert losses(watched) == losses(plain)


def test_training_stops_when_patience_is_at_its_end(run, only_run) -> None:
    words = ("--steps=50", "--validate_every=1", "--validate_clips=1", "--patience=2")
    code, _, err = run(*TRAIN, *SMALL, *words, "--learning_rate=0")
    assert code == 0
    assert "No better score for 2 validations" in err
    assert len(list((only_run() / "samples").iterdir())) == 3


def test_a_logger_that_fails_does_not_stop_the_training(run, monkeypatch) -> None:
    from torch.utils.tensorboard import writer

    def broken(*_: object, **__: object) -> None:
        raise OSError("the disk of the curves is gone")

    monkeypatch.setattr(writer.SummaryWriter, "add_scalar", broken)
    code, _, err = run(*TRAIN, "--batch_size=4", "--log_every=1", "--steps=3")
    assert code == 0
    assert "training goes on without" in err


def test_a_logger_that_is_not_installed_does_not_stop_the_training(run) -> None:
    code, _, err = run(*TRAIN, "--batch_size=4", "--steps=1", "--curves=wandb")
    assert code == 0
    assert "wandb cannot be drawn" in err


def wait_for(process: subprocess.Popen[str], path: Path, pattern: str) -> None:
    deadline = time.monotonic() + 60
    while not list(path.glob(pattern)):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.usefixtures("ctrl_c_heeded")
@pytest.mark.parametrize(
    ("number", "code"),
    # A program takes four seconds to begin. Both signals go the same way, and both stop other runs.
    [(signal.SIGTERM, 143), pytest.param(signal.SIGINT, 130, marks=pytest.mark.slow)],
)
def test_a_signal_ends_the_step_saves_and_leaves_a_run_to_go_on_with(
    start, run, only_run, tmp_path: Path, number: int, code: int
) -> None:
    process = start(*TRAIN, *SMALL, "--steps=1000000", "--save_every=1")
    wait_for(process, tmp_path, "runs/*/checkpoints/last.json")
    process.send_signal(number)
    _, err = process.communicate(timeout=20)
    assert process.returncode == code, err
    folder = only_run()
    step = last_state(folder)["step"]
    assert step == len(losses(folder))  # no step is lost
    code, _, err = run("train", f"--resume={folder}", f"--steps={step + 2}")
    assert code == 0
    assert f"Going on from step {step}" in err


# Each start is of three programs, ten seconds of a core. One is enough to see that devices share.
@pytest.mark.parametrize(
    ("strategy", "stops"),
    [
        ("ddp", (4,)),
        pytest.param("ddp", (2, 4), marks=pytest.mark.slow),
        pytest.param("fsdp", (2, 4), marks=pytest.mark.slow),
    ],
)
def test_two_devices_with_half_the_batch_train_as_one_with_the_whole(
    start, run, tmp_path: Path, strategy: str, stops: tuple[int, ...]
) -> None:
    words = (*TRAIN, *SMALL, "--learning_rate=0.03", "--ema_decay=0.5")
    words = (*words, "--validate_every=3", "--validate_clips=1", "--train.monitor=PSNR")
    words = (*words, "--train.schedule=constant")  # others end where the steps do, and stop early
    assert run(*words, "--steps=4")[0] == 0
    (alone,) = (tmp_path / "runs").iterdir()
    words = (*words, f"--strategy={strategy}", "--device=cpu")
    launcher = ("-m", "torch.distributed.run", "--nproc-per-node=2", "--standalone")
    for stop in stops:
        process = start(*words, f"--steps={stop}", launcher=launcher)
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        (together,) = set((tmp_path / "runs").iterdir()) - {alone}
        words = ("train", f"--resume={together}")
    # float32 sums in another order. Weights are not compared: where the gradients of a pixel cancel
    # out, Adam makes a whole step of the rounding that is left.
    assert losses(together) == pytest.approx(losses(alone), rel=5e-5)


@pytest.mark.slow  # four programs, ten seconds, for the same arithmetic as above
def test_two_machines_train_as_one(start, run, tmp_path: Path) -> None:
    words = (*TRAIN, *SMALL, "--learning_rate=0.03", "--steps=4")
    assert run(*words)[0] == 0
    (alone,) = (tmp_path / "runs").iterdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    machines = [
        start(
            *(*words, "--device=cpu"),
            launcher=(
                *("-m", "torch.distributed.run", "--nnodes=2", f"--node-rank={number}"),
                *("--nproc-per-node=1", "--master-addr=127.0.0.1", f"--master-port={port}"),
            ),
        )
        for number in range(2)
    ]
    for machine in machines:
        _, err = machine.communicate(timeout=120)
        assert machine.returncode == 0, err
    (together,) = set((tmp_path / "runs").iterdir()) - {alone}
    assert losses(together) == pytest.approx(losses(alone), rel=5e-5)
