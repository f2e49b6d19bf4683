"""Which checkpoints there are after any history of saving, damage and restarts."""

import json
import os
import random
from pathlib import Path

import pytest
import torch

from talkingface.engine import checkpoints as engine_checkpoints
from talkingface.engine.checkpoints import Checkpoints, load_checkpoint
from talkingface.errors import CheckpointError, StorageError


def saved_steps(folder: Path) -> list[int]:
    return sorted(int(path.stem.removeprefix("step-")) for path in folder.glob("*.pt"))


def is_readable(path: Path) -> bool:
    try:
        load_checkpoint(path)
    except CheckpointError:
        return False
    return True


def test_a_whole_training_state_comes_back(tmp_path: Path) -> None:
    network = torch.nn.Linear(2, 1)
    optimizer = torch.optim.Adam(network.parameters())
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, 10)
    network(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    state = {
        "networks": {"generator": network.state_dict()},
        "optimizers": {"generator": optimizer.state_dict()},
        "schedules": {"generator": schedule.state_dict()},
        "scaler": torch.amp.GradScaler("cpu").state_dict(),
        "average": {"decay": 0.999, "weight": network.weight.detach().clone()},
        "sampler": {"epoch": 1, "position": 12},
        "random": {"python": random.getstate(), "torch": torch.get_rng_state(), "cuda": []},
        "best_score": 0.25,
        "config": {"train": {"steps": 20, "names": ("a", "b")}},
    }
    path = Checkpoints(tmp_path / "new" / "checkpoints").save(state, step=7)
    back = load_checkpoint(path)

    assert path.name == "step-00000007.pt"
    assert list(back) == list(state)
    assert back["random"]["python"] == random.getstate()  # type: ignore[index]
    moments = back["optimizers"]["generator"]["state"][0]["exp_avg"]  # type: ignore[index]
    assert torch.equal(moments, optimizer.state_dict()["state"][0]["exp_avg"])
    assert (
        torch.optim.Adam(network.parameters()).load_state_dict(
            back["optimizers"]["generator"]  # type: ignore[index]
        )
        is None
    )


def test_the_last_the_best_and_every_nth_are_kept(tmp_path: Path) -> None:
    kept = Checkpoints(tmp_path, keep_every=4)
    for step, score in enumerate([0.1, 0.5, 0.9, 0.3, float("nan"), 0.2, 0.2], start=1):
        kept.save({}, step, score)
    assert saved_steps(tmp_path) == [3, 4, 7]
    assert (kept.best, kept.last) == (tmp_path / "step-00000003.pt", tmp_path / "step-00000007.pt")


def test_a_lower_score_can_be_the_better_one(tmp_path: Path) -> None:
    kept = Checkpoints(tmp_path, higher_is_better=False)
    for step, score in enumerate([0.5, 0.1, 0.9], start=1):
        kept.save({}, step, score)
    assert saved_steps(tmp_path) == [2, 3]


def test_the_best_score_is_remembered_over_a_restart(tmp_path: Path) -> None:
    Checkpoints(tmp_path).save({}, 1, score=0.9)
    Checkpoints(tmp_path).save({}, 2, score=0.5)
    assert Checkpoints(tmp_path).best == tmp_path / "step-00000001.pt"


@pytest.mark.parametrize("higher_is_better", [True, False])
def test_of_equally_good_steps_the_first_stays_the_best(tmp_path: Path, higher_is_better) -> None:
    kept = Checkpoints(tmp_path, higher_is_better=higher_is_better)
    for step in (1, 2):
        kept.save({}, step, score=0.5)
    assert kept.best == tmp_path / "step-00000001.pt"


def test_no_score_is_no_best(tmp_path: Path) -> None:
    kept = Checkpoints(tmp_path)
    assert (kept.last, kept.best) == (None, None)
    kept.save({}, 1)
    kept.save({}, 2, float("nan"))
    assert kept.best is None


def test_a_run_that_went_back_keeps_what_it_saves_now(tmp_path: Path) -> None:
    kept = Checkpoints(tmp_path)
    kept.save({}, 100)
    kept.save({"from": "step 40"}, 50)
    assert saved_steps(tmp_path) == [50]
    assert kept.last == tmp_path / "step-00000050.pt"


@pytest.mark.parametrize("pointer", [b"", b"[]", b'{"file": 3}', b'{"file": "gone.pt"}', None])
def test_without_its_pointer_the_newest_file_is_the_last(
    tmp_path: Path, pointer: bytes | None
) -> None:
    Checkpoints(tmp_path).save({}, 3)
    if pointer is None:
        (tmp_path / "last.json").unlink()
    else:
        (tmp_path / "last.json").write_bytes(pointer)
    assert Checkpoints(tmp_path).last == tmp_path / "step-00000003.pt"


def test_a_pointer_leads_nowhere_else(tmp_path: Path) -> None:
    Checkpoints(tmp_path / "elsewhere").save({}, 3)
    kept = Checkpoints(tmp_path / "here")
    (tmp_path / "here" / "last.json").write_text('{"file": "../elsewhere/step-00000003.pt"}')
    assert kept.last is None


def test_half_written_files_go_at_the_start_and_others_stay(tmp_path: Path) -> None:
    Checkpoints(tmp_path).save({}, 3)
    (tmp_path / ".step-00000004.pt.0123abcd.partial").write_bytes(b"half")
    (tmp_path / "notes.txt").write_text("mine")
    Checkpoints(tmp_path).save({}, 5)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["last.json", "notes.txt", "step-00000005.pt"]


def test_the_pointer_is_written_after_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Checkpoints(tmp_path)
    kept.save({}, 1)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(engine_checkpoints, "write_json", killed)
    with pytest.raises(KeyboardInterrupt):
        kept.save({}, 2)
    assert Checkpoints(tmp_path).last == tmp_path / "step-00000001.pt"
    assert saved_steps(tmp_path) == [1, 2]


def test_other_files_are_not_taken_for_checkpoints(tmp_path: Path) -> None:
    torch.save({"conv.weight": torch.zeros(1)}, tmp_path / "latest_net_G.pth")
    with pytest.raises(CheckpointError, match="is no checkpoint of a training run"):
        load_checkpoint(tmp_path / "latest_net_G.pth")


def test_a_checkpoint_of_a_newer_format_is_refused(tmp_path: Path) -> None:
    torch.save({"format_version": 2, "state": {}}, tmp_path / "step-00000001.pt")
    with pytest.raises(CheckpointError, match=r"has format 2; this version .* up to 1"):
        load_checkpoint(tmp_path / "step-00000001.pt")


@pytest.mark.parametrize("seed", range(200))
def test_a_history_never_deletes_the_last_readable_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """After whatever happened, if one could be read before or was saved since, one can be now."""
    monkeypatch.setattr(os, "fsync", lambda _: None)  # no power is cut here, and disks are slow
    chance = random.Random(seed)
    keep_every = chance.choice([0, 0, 3, 5])
    kept = Checkpoints(tmp_path, keep_every=keep_every, higher_is_better=chance.random() < 0.5)
    step, readable = 0, set[Path]()
    for _ in range(8):
        files = list(tmp_path.glob("*.pt"))
        event = chance.choice(["save", "save", "go back", "full", "damage", "pointer", "restart"])
        if event in ("save", "go back"):
            step = chance.randrange(step + 1) if event == "go back" else step + 1
            score = chance.choice([None, float("nan"), chance.random()])
            saved = kept.save({"step": step}, step, score)
            readable = {path for path in tmp_path.glob("*.pt") if is_readable(path)}
            assert kept.last == saved
            assert saved in readable
            assert kept.best is None or kept.best in tmp_path.glob("*.pt")
            continue
        if event == "full":
            with monkeypatch.context() as patch:
                patch.setattr(torch, "save", full_disk)
                with pytest.raises(StorageError):
                    kept.save({}, step + 1)
        elif event == "damage" and files:
            damaged = chance.choice(files)
            damaged.write_bytes(damaged.read_bytes()[:100])
            readable.discard(damaged)
        elif event == "pointer":
            (tmp_path / chance.choice(["last.json", "best.json"])).unlink(missing_ok=True)
        elif event == "restart":
            kept = Checkpoints(tmp_path, keep_every=keep_every)
        assert readable <= set(tmp_path.glob("*.pt"))  # nothing but saving removes anything


def full_disk(_: object, file: object) -> None:
    raise OSError(28, "No space left on device")


def test_the_pointers_are_json_that_other_programs_can_read(tmp_path: Path) -> None:
    Checkpoints(tmp_path).save({}, 2, score=0.5)
    assert json.loads((tmp_path / "last.json").read_text()) == {"file": "step-00000002.pt"}
    best = {"file": "step-00000002.pt", "score": 0.5}
    assert json.loads((tmp_path / "best.json").read_text()) == best
