"""A killed evaluation goes on with the clips that are not done, and ends as if nothing had been."""

import json
from pathlib import Path

import pytest

PLUGIN = """
import os, signal
from pathlib import Path
import numpy as np
from talkingface.metrics.base import SetMetric
from talkingface.models.still_portrait.model import StillPortrait
from talkingface.plugins import register_metric, register_model

@register_model("Frail", "Kills its process at a clip, until that is called off.")
class Frail(StillPortrait):
    def generate(self, job):
        if job.name == "square-1" and not Path("spared").exists():
            os.kill(os.getpid(), signal.SIGKILL)
        yield from super().generate(job)

@register_metric("Brightness", "Mean level of the whole set.", higher_is_better=True)
class Brightness(SetMetric):
    compares = "nothing"
    def __init__(self):
        self.levels = []
    def part(self, pair):
        return {"levels": pair.generated.frames.mean(axis=(1, 2, 3))}
    def take(self, part):
        self.levels.append(part["levels"])
    def compute(self):
        return float(np.concatenate(self.levels).mean())
"""


@pytest.fixture
def words(tmp_path: Path) -> tuple[str, ...]:
    plugin = tmp_path / "frail.py"
    plugin.write_text(PLUGIN)
    words = ("--model=Frail", "--dataset=Squares", "--metrics=PSNR,Brightness")
    return ("evaluate", *words, "--plugins", str(plugin))


def results_of(folder: Path) -> dict:
    results = json.loads((folder / "results.json").read_text())
    return {key: value for key, value in results.items() if key != "seconds"}


def test_a_kill_costs_the_clip_that_was_made_and_no_other(
    start, run, words, only_run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = start(*words)
    process.communicate(timeout=120)
    assert process.returncode == -9
    killed = only_run()
    first = killed / "clips" / "square-0.json"
    written, video = first.stat().st_mtime_ns, killed / "videos" / "square-0.mp4"
    made = video.stat().st_mtime_ns
    assert [path.name for path in (killed / "clips").iterdir()] == ["square-0.json"]

    monkeypatch.chdir(tmp_path)
    (tmp_path / "spared").touch()
    code, out, err = run("evaluate", "--resume", *words[3:])
    assert (code, only_run()) == (0, killed)
    assert "1 clips are done, 2 are left." in err
    assert "3 clips, 0 failed" in out
    assert (first.stat().st_mtime_ns, video.stat().st_mtime_ns) == (written, made)
    assert not list(killed.glob("videos/.*.partial"))

    assert run(*words)[0] == 0
    (unbroken,) = set((tmp_path / "runs").iterdir()) - {killed}
    assert results_of(killed) == results_of(unbroken)
    assert results_of(killed)["scores"]["Brightness"]["num_clips"] == 3
    for name in ("per_clip.csv", "curves.json"):
        assert (killed / name).read_text() == (unbroken / name).read_text()


def test_another_setting_makes_all_clips_anew_and_failed_ones_are_tried_again(
    run, words, only_run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spared").touch()
    assert run(*words, "--limit=2")[0] == 0
    plugins = ("--plugins", str(tmp_path / "frail.py"))
    resume = ("evaluate", f"--resume={only_run()}", *plugins)
    assert "2 clips are done, 1 are left." in run(*resume, "--limit=3")[2]
    assert "are done" not in run(*resume, "--limit=3", "--length_tolerance=0")[2]
    row = only_run() / "clips" / "square-2.json"
    content = json.loads(row.read_text())
    content["rows"][0]["failure"] = "the disk was full"
    row.write_text(json.dumps(content))
    assert "2 clips are done, 1 are left." in run(*resume, "--limit=3", "--length_tolerance=0")[2]
    assert results_of(only_run())["failures"] == {}


@pytest.mark.slow  # two processes begin anew, and another one beside them
def test_two_processes_pool_what_all_clips_add(
    start, run, words, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spared").touch()
    launcher = ("-m", "torch.distributed.run", "--nproc-per-node=2", "--standalone")
    process = start(*words, "--device=cpu", launcher=launcher)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    (together,) = (tmp_path / "runs").iterdir()
    assert run(*words, "--device=cpu")[0] == 0
    (alone,) = set((tmp_path / "runs").iterdir()) - {together}
    assert results_of(together) == results_of(alone)


def test_there_must_be_an_evaluation_to_go_on_with(run, tmp_path: Path) -> None:
    code, _, err = run("evaluate", "--resume")
    assert code == 2
    assert "has a finished clip to go on from. Evaluate first." in err
    code, _, err = run("evaluate", f"--resume={tmp_path}")
    assert code == 2
    assert "is no run folder" in err
