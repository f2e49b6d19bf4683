"""The main job from the command line: a model takes clips to scores and videos."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from skimage.metrics import peak_signal_noise_ratio

PICTURES = "--evaluate.metrics=SSIM,PSNR"  # squares have no faces


def rows_of(run_folder: Path, subject: str) -> list[dict[str, str]]:
    rows = csv.DictReader((run_folder / "per_clip.csv").open())
    return [row for row in rows if row["subject"] == subject]


def test_a_model_takes_clips_to_scores_and_videos(run, only_run, tmp_path: Path) -> None:
    code, out, err = run("--model=still-portrait", "--dataset=squares", PICTURES)
    assert (code, err.splitlines()[0]) == (0, "Still_Portrait with no weights, it needs none.")
    folder = only_run()
    assert err.count(f"The first video is there: {folder / 'videos' / 'square-0.mp4'}.") == 1
    assert str(folder / "videos" / "square-0.mp4") in out
    assert str(folder / "results.json") in out
    assert str(folder / "report.html") in out
    assert "shuffled speech  left out: Still_Portrait takes no speech." in out
    assert {path.name for path in folder.iterdir()} == {
        "config.yaml",
        "manifest.json",
        "log.txt",
        "metrics.jsonl",
        "results.json",
        "per_clip.csv",
        "curves.json",
        "report.html",
        "checkpoints",
        "clips",
        "sheets",
        "videos",
    }
    assert len(list((folder / "videos").iterdir())) == 3


def test_the_scores_are_those_of_another_implementation(run, only_run, tmp_path: Path) -> None:
    run("--model=Still_Portrait", "--dataset=Squares", PICTURES)
    rows = rows_of(only_run(), "method")
    pictures = np.full((25, 64, 64, 3), 90, np.uint8)
    for time, picture in enumerate(pictures):
        picture[20:40, time : time + 16] = 200
    real = [peak_signal_noise_ratio(picture, pictures[0]) for picture in pictures[1:]]
    # Six digits are written; the first frame equals the portrait and has no finite PSNR.
    assert float(rows[0]["PSNR"]) == pytest.approx(np.mean(real), rel=1e-5)
    means = json.loads((only_run() / "results.json").read_text())["scores"]
    clips = [float(row["PSNR"]) for row in rows]
    assert means["PSNR"]["mean"] == pytest.approx(np.mean(clips), rel=1e-5)


def test_the_config_of_a_run_repeats_it(run, only_run, tmp_path: Path) -> None:
    words = ("--model=Still_Portrait", "--dataset=Squares", PICTURES)
    run("evaluate", *words, "--limit=2", "--seed=3")
    first = only_run()
    code, _, _ = run("evaluate", "--config_files", str(first / "config.yaml"))
    assert code == 0
    (second,) = set((tmp_path / "runs").iterdir()) - {first}
    assert (second / "per_clip.csv").read_text() == (first / "per_clip.csv").read_text()
    assert (second / "config.yaml").read_text() == (first / "config.yaml").read_text()


def test_the_manifest_repeats_the_command_and_names_the_data(run, only_run, monkeypatch) -> None:
    monkeypatch.setenv("PLANTED_TOKEN", "hunter2-secret")
    run("--model=Still_Portrait", "--dataset=Squares", "--seed=3", PICTURES)
    left = {path.name: path.read_bytes() for path in only_run().rglob("*") if path.is_file()}
    assert left.keys() >= {"manifest.json", "log.txt", "report.html", "results.json"}
    assert not [name for name, content in left.items() if b"hunter2-secret" in content]
    manifest = json.loads((only_run() / "manifest.json").read_text())
    assert manifest["seed"] == 3
    assert manifest["data_fingerprint"] == "squares"
    assert manifest["command"].startswith("python run_talkingface.py --model=Still_Portrait")


@pytest.mark.parametrize("verb", [(), ("evaluate",)], ids=["plain", "evaluate"])
def test_methods_that_are_scored_together_have_a_page_together(run, tmp_path: Path, verb) -> None:
    both = "--model=Still_Portrait,Still_Portrait"
    code, out, _ = run(*verb, both, "--dataset=Squares", PICTURES)
    assert code == 0
    pages = [Path(line.split()[1]) for line in out.splitlines() if line.startswith("Report:")]
    assert [page.name for page in pages[:2]] == ["report.html", "report.html"]
    assert pages[2].parent == tmp_path / "runs"
    assert "Comparison of runs" in pages[2].read_text()


def test_methods_are_trained_one_by_one(run) -> None:
    code, _, err = run("--model=Still_Portrait,Loud_Mouth", "--dataset=Squares", "--train=true")
    assert code == 2
    assert "UsageError: Methods are trained one by one" in err


def test_quiet_says_the_result_and_nothing_else(run) -> None:
    code, out, err = run("--model=Still_Portrait", "--dataset=Squares", "--quiet", PICTURES)
    assert (code, err) == (0, "")
    assert "PSNR" in out


def test_a_mistake_is_a_line_of_json_where_programs_watch(run) -> None:
    code, _, err = run("--model=Still_Portrai", "--dataset=Squares", "--json", PICTURES)
    assert code == 2
    (line,) = err.splitlines()
    assert json.loads(line)["level"] == "error"
    assert "Did you mean" in json.loads(line)["message"]


def test_a_model_that_fails_on_a_clip_goes_on_with_the_others(
    run, only_run, tmp_path: Path
) -> None:
    (tmp_path / "shy.py").write_text(
        "from talkingface.models.still_portrait.model import StillPortrait\n"
        "from talkingface.plugins import register_model\n"
        "from talkingface.errors import DataError\n"
        "@register_model('Shy', 'Refuses the second clip.')\n"
        "class Shy(StillPortrait):\n"
        "    def generate(self, job):\n"
        "        if job.name == 'square-1':\n"
        "            raise DataError('it is too shy.')\n"
        "        yield from super().generate(job)\n"
    )
    plugin = str(tmp_path / "shy.py")
    code, out, err = run("--model=Shy", "--dataset=Squares", "--plugins", plugin, PICTURES)
    assert code == 1
    assert "square-1 could not be scored: it is too shy." in err
    assert "RunError: 1 of 3 clips could not be scored; the reasons are in" in err
    assert "3 clips, 1 failed" in out
    assert "  square-1  failed: it is too shy." in out
    results = json.loads((only_run() / "results.json").read_text())
    assert results["failures"] == {"square-1": "it is too shy."}
    assert sorted(path.name for path in (only_run() / "videos").iterdir()) == [
        "square-0.mp4",
        "square-2.mp4",
    ]


def test_a_metric_that_cannot_be_had_is_named_with_its_reason(run, only_run) -> None:
    words = ("--model=Still_Portrait", "--dataset=Squares", "--metrics=PSNR,LPIPS,FID,LMD")
    code, out, _ = run("evaluate", *words, "--limit=1")
    assert code == 0
    assert "PSNR" in out
    results = json.loads((only_run() / "results.json").read_text())
    assert set(results["unavailable"]) == {"LPIPS", "FID"}
    assert "download" in results["unavailable"]["LPIPS"]
    # Squares have no faces, so there are no landmarks to compare.
    assert results["scores"]["LMD"]["mean"] is None
