"""A process that is killed while it saves leaves whole files, and a run that can go on."""

import json
import random
import time
from collections.abc import Callable
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest
import torch

from talkingface.engine.checkpoints import Checkpoints, load_checkpoint, step_of

NUM_VALUES = 250_000  # 1 MB: writing it takes as long as the rest of a save


def save_forever(folder: Path) -> None:
    """Save one checkpoint after the other, each full of its own step, until killed."""
    torch.set_num_threads(1)
    checkpoints = Checkpoints(folder)
    last = checkpoints.last
    step = 0 if last is None else int(load_checkpoint(last)["step"])  # type: ignore[call-overload]
    while True:
        step += 1
        weight = torch.full((NUM_VALUES,), float(step))
        checkpoints.save({"step": step, "weight": weight}, step, score=step % 3)


@pytest.mark.parametrize("num_kills", [4, pytest.param(20, marks=pytest.mark.slow)])
def test_kills_leave_no_unreadable_file(
    num_kills: int, tmp_path: Path, processes: ForkServerContext
) -> None:
    chance = random.Random(1)
    steps_seen = [0]
    num_strays = 0
    for kill in range(num_kills):
        process = processes.Process(target=save_forever, args=(tmp_path,), daemon=True)
        process.start()
        wait_for_a_save(tmp_path, beyond=steps_seen[-1])
        time.sleep(chance.uniform(0, 0.03))  # a few saves long
        if kill % 2:
            wait_until(lambda: any(tmp_path.glob(".*.partial")))
        process.kill()
        process.join()
        assert process.exitcode == -9

        files = list(tmp_path.glob("step-*.pt"))
        for path in files:
            state = load_checkpoint(path)
            assert torch.equal(
                state["weight"],  # type: ignore[arg-type]
                torch.full((NUM_VALUES,), float(step_of(path))),
            )
        num_strays += len(list(tmp_path.glob(".*.partial")))
        last = Checkpoints(tmp_path).last
        assert last in files
        assert not list(tmp_path.glob(".*.partial"))
        steps_seen.append(int(load_checkpoint(last)["step"]))  # type: ignore[call-overload]

    assert steps_seen == sorted(set(steps_seen))  # each start went on from where the last one was
    assert num_strays > 0  # or no kill fell into a save, and nothing was shown


def wait_for_a_save(folder: Path, beyond: int) -> None:
    """Wait until the last checkpoint is of a later step."""
    pointer = folder / "last.json"
    wait_until(pointer.exists)
    wait_until(lambda: step_of(Path(json.loads(pointer.read_text())["file"])) > beyond)


def wait_until(it_is_so: Callable[[], bool]) -> None:
    """Wait until something holds of a process that saves."""
    end = time.monotonic() + 20
    while not it_is_so():
        assert time.monotonic() < end, "the process does not save"
        time.sleep(0.002)
