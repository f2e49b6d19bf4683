"""A training that is killed at any moment can go on; a rank that dies takes only one step along."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from talkingface.engine.checkpoints import Checkpoints, load_checkpoint

ROOT = Path(__file__).parents[2]
PLUGIN = """
from fractions import Fraction
import numpy as np
from talkingface.clip import Clip, FrameArray
from talkingface.data.base import TalkingFaceDataset
from talkingface.media import SpeechArray
from talkingface.plugins import register_dataset

@register_dataset("Grey", "Grey pictures and a hum.")
class Grey(TalkingFaceDataset):
    def prepare(self, progress):
        pass
    def clips(self, split):
        pictures = np.full((25, 32, 32, 3), 90, np.uint8)
        hum = SpeechArray(np.full(16000, 0.1, np.float32))
        return [Clip(f"grey-{i}", FrameArray(pictures + i, Fraction(25)), hum) for i in range(4)]
    def fingerprint(self):
        return "grey"
"""
WORDS = (
    *("train", "--model=Loud_Mouth", "--dataset=Grey", "--model.network.image_px=32"),
    *("--batch_size=4", "--log_every=1", "--curves=none", "--save_every=1", "--device=cpu"),
)


@pytest.fixture
def start(tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    (tmp_path / "grey.py").write_text(PLUGIN)

    def begin(*words: str, launcher: tuple[str, ...] = ()) -> subprocess.Popen[str]:
        entry = str(ROOT / "run_talkingface.py")
        plugins = ("--plugins", str(tmp_path / "grey.py"), f"--runs_folder={tmp_path / 'runs'}")
        return subprocess.Popen(
            [sys.executable, *launcher, entry, *words, *plugins],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        )

    return begin


def wait_for_a_checkpoint(process: subprocess.Popen[str], runs: Path) -> Path:
    deadline = time.monotonic() + 60
    while not (found := list(runs.glob("*/checkpoints/last.json"))):
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return found[0].parent.parent


def last_step(run: Path) -> int:
    last = Checkpoints(run / "checkpoints").last
    assert last is not None
    step = load_checkpoint(last)["step"]
    assert isinstance(step, int)
    return step


@pytest.mark.slow
@pytest.mark.long  # forty programs are started one after the other, three seconds each
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["SIGTERM", "SIGKILL"])
def test_twenty_kills_at_random_moments_leave_a_run_to_go_on_with(
    number: int, start, tmp_path: Path
) -> None:
    chance = random.Random(7)
    process = start(*WORDS, "--steps=100000000")
    run = wait_for_a_checkpoint(process, tmp_path / "runs")
    reached = 0
    for _ in range(20):
        time.sleep(chance.uniform(0, 0.5))
        process.send_signal(number)
        process.communicate(timeout=20)
        assert process.returncode == (143 if number == signal.SIGTERM else -9)
        step = last_step(run)
        assert step >= reached
        noted = len((run / "metrics.jsonl").read_text().splitlines())
        assert noted - step <= 1 or number == signal.SIGKILL  # at most one step is lost
        reached = step
        process = start("train", f"--resume={run}")
        marker = (run / "metrics.jsonl").stat().st_size
        while (run / "metrics.jsonl").stat().st_size == marker:
            assert process.poll() is None, process.communicate()[1]
            time.sleep(0.01)
    process.kill()
    process.communicate()


@pytest.mark.slow  # two ranks are started twice, some fifteen seconds
def test_a_killed_rank_is_started_again_and_goes_on_from_the_last_checkpoint(
    start, tmp_path: Path
) -> None:
    launcher = ("-m", "torch.distributed.run", "--nproc-per-node=2", "--standalone")
    process = start(*WORDS, "--steps=400", launcher=(*launcher, "--max-restarts=1"))
    run = wait_for_a_checkpoint(process, tmp_path / "runs")
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    os.kill(int(children[-1]), signal.SIGKILL)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert list((tmp_path / "runs").iterdir()) == [run]
    assert last_step(run) == 400
    steps = [json.loads(line)["step"] for line in (run / "metrics.jsonl").read_text().splitlines()]
    restart = next(index for index in range(1, len(steps)) if steps[index] <= steps[index - 1] + 1)
    assert restart  # some steps stand twice or follow each other: none is missing
    assert set(steps) == set(range(1, 401))
