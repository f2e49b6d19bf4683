"""Every protocol runs from the command line on drawn people, and says what it could not compare."""

import csv
import json
from pathlib import Path

import pytest

from talkingface.cli import main

METRICS = "--metrics=SSIM,flicker,pose_error,MAR_error"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """Draw the tiny SynthTalk once, and return the words that choose it."""
    folder = tmp_path_factory.mktemp("synthtalk")
    small = ("--dataset.size=tiny", "--dataset.image_px=56", "--dataset.train_clips=0")
    words = (f"--dataset.folder={folder}", *small)
    assert main(["preprocess", "--dataset=SynthTalk", *words]) == 0
    return ("--dataset=SynthTalk", *words)


@pytest.fixture
def evaluated(corpus, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Return a function that evaluates one clip: its results, its rows, and what was printed."""

    def call(*words: str):
        runs = f"--runs_folder={tmp_path / 'runs'}"
        code = main(["evaluate", *corpus, "--limit=1", METRICS, runs, *words])
        said = capsys.readouterr()
        assert code == 0, said.err
        written = (tmp_path / "runs").glob("*/results.json")
        last = max(written, key=lambda file: file.stat().st_mtime_ns)  # names tell seconds alone
        rows = list(csv.DictReader((last.parent / "per_clip.csv").open()))
        return json.loads(last.read_text()), rows, said.out

    return call


def test_pairs_are_scored_against_the_rendered_truth(evaluated) -> None:
    results, rows, out = evaluated("--model=Still_Portrait", "--protocol=pairs")
    assert results["protocol"] == "pairs"
    assert rows[0]["clip"].endswith("_driven")
    assert 0 < float(rows[0]["SSIM"]) < 1
    assert "(test, pairs)" in out


def test_across_people_no_pictures_are_compared(evaluated) -> None:
    results, rows, out = evaluated("--model=Still_Portrait", "--protocol=cross_identity")
    assert set(results["scores"]) == {"flicker", "pose_error", "MAR_error"}
    assert "SSIM  unavailable: It compares with the same picture" in out
    assert float(rows[0]["pose_error"]) > 0


def test_a_method_that_hears_stands_beside_itself_with_other_speech(evaluated) -> None:
    results, rows, _ = evaluated("--model=Loud_Mouth")
    subjects = ["method", "truth", "portrait_repeated", "shuffled_speech"]
    assert [row["subject"] for row in rows] == subjects
    shuffled = results["beside"]["shuffled_speech"]
    assert list(shuffled) == ["MAR_error"]  # pictures and heads do not tell what was said
    assert shuffled["MAR_error"]["num_clips"] == 1
    assert shuffled["MAR_error"]["mean"] != results["scores"]["MAR_error"]["mean"]
    assert results["not_beside"] == {}


@pytest.mark.slow  # nine times generated, and the controls besides
def test_several_methods_are_one_table(evaluated) -> None:
    both = "--model=Still_Portrait,Loud_Mouth"
    results, _, out = evaluated(both, "--controls", "--control_people=1")
    title = next(line for line in out.splitlines() if "portrait repeated" in line)
    assert title.split()[:2] == ["Still_Portrait", "Loud_Mouth"]
    assert "Loud_Mouth, shuffled speech" in title
    assert results["method"] == "Loud_Mouth"
    assert results["controls"]["moved"] == ["lip"]
    assert results["controls"]["floor"][0][0] == pytest.approx(1, abs=0.1)
    assert results["controls"]["method"][0][0] < results["controls"]["floor"][0][0]


def test_a_method_without_a_pose_cannot_take_one_from_another_clip(
    corpus, tmp_path: Path, capsys
) -> None:
    words = ("--model=Loud_Mouth", "--protocol=cross_pose", f"--runs_folder={tmp_path / 'runs'}")
    code = main(["evaluate", *corpus, *words])
    assert code == 2
    assert "Loud_Mouth has no control 'pose'" in capsys.readouterr().err
