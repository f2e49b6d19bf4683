"""Work that is shared by several processes gives the tables of one."""

import json
from pathlib import Path

import numpy as np
import pytest

from talkingface.media import SpeechArray, write_picture, write_video
from tests.narrow_pc_avs import write_narrow_weights

LAUNCHER = ("-m", "torch.distributed.run", "--nproc-per-node=2", "--standalone")


def tables(run: Path) -> dict[str, object]:
    """Return all that an evaluation says of its clips, whoever worked how long."""
    results = json.loads((run / "results.json").read_text())
    del results["seconds"]
    files = {name: (run / name).read_text() for name in ("per_clip.csv", "curves.json")}
    return {**files, "results": results}


@pytest.mark.parametrize(
    "metrics",
    [
        ("--metrics=SSIM,PSNR",),
        pytest.param((), marks=pytest.mark.slow),  # three processes load networks
    ],
    ids=["two", "all"],
)
def test_two_processes_evaluate_as_one(
    start, run, tmp_path: Path, metrics: tuple[str, ...]
) -> None:
    words = ("evaluate", "--model=Still_Portrait", "--dataset=Squares", "--device=cpu", *metrics)
    assert run(*words)[0] == 0
    (alone,) = (tmp_path / "runs").iterdir()
    process = start(*words, launcher=LAUNCHER)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    (together,) = set((tmp_path / "runs").iterdir()) - {alone}
    assert tables(together) == tables(alone)
    assert out.count("Still_Portrait on Squares (test, self):") == 1  # one process speaks for both
    assert len(list((together / "videos").iterdir())) == 3


@pytest.mark.slow  # three programs are started, ten seconds of a core
def test_two_processes_share_a_list_of_jobs(start, run, tmp_path: Path) -> None:
    write_picture(tmp_path / "face.png", np.full((48, 64, 3), 90, np.uint8))
    speech = SpeechArray(np.zeros(8_000, np.float32))
    write_video(tmp_path / "talk.mp4", [np.full((48, 64, 3), 90, np.uint8)] * 12, 25, speech)
    rows = ["name,source,audio", *(f"job{n},face.png,talk.mp4" for n in range(4))]
    (tmp_path / "jobs.csv").write_text("\n".join([*rows, "bad,nobody.png,talk.mp4"]))
    words = ("generate", "--model=Still_Portrait", "--jobs=jobs.csv", "--out=videos")
    process = start(*words, launcher=LAUNCHER)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "1 of 5 videos could not be made" in err
    assert out.split() == [f"videos/job{n}.mp4" for n in range(4)]  # in the order of the list
    (run_folder,) = (tmp_path / "runs").iterdir()
    assert "nobody.png" in (run_folder / "failures.csv").read_text()


@pytest.mark.slow  # three processes that each take seconds to begin
def test_two_processes_draw_and_score_with_networks_as_one(start, tmp_path: Path) -> None:
    weights = write_narrow_weights(tmp_path / "narrow.safetensors")
    model = ("--model=PC_AVS", f"--evaluate_model_file={weights}", "--device=cpu")
    metrics = "--metrics=SSIM,PSNR,CPBD"
    words = ("evaluate", *model, "--dataset=Squares", metrics, "--shuffled_clips=2")
    runs, found = tmp_path / "runs", []
    for launcher in ((), LAUNCHER):
        before = set(runs.iterdir()) if runs.exists() else set()
        process = start(*words, launcher=launcher)
        _, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
        (made,) = set(runs.iterdir()) - before
        videos = {path.name: path.read_bytes() for path in (made / "videos").iterdir()}
        found.append((tables(made), videos))
    assert found[0] == found[1]
    assert len(found[0][1]) == 3
